-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA app;

CREATE SCHEMA evil;

CREATE TYPE app.text AS ENUM (
    'a'
);

CREATE TYPE evil.int4 AS (
    x integer
);

CREATE OR REPLACE FUNCTION app.f(app.text, text)
 RETURNS evil.int4
 LANGUAGE sql
AS $function$SELECT NULL::evil.int4$function$;

CREATE OR REPLACE FUNCTION evil.lower(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1$function$;

CREATE OR REPLACE FUNCTION evil.now()
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$SELECT pg_catalog.now()$function$;

CREATE AGGREGATE evil.max(integer) (
    SFUNC = pg_catalog.int4larger,
    STYPE = integer
);

CREATE TABLE app.pg_type (
    x integer
);

CREATE TABLE app.t (
    a text DEFAULT evil.lower('X'::text),
    b timestamp with time zone DEFAULT evil.now(),
    c integer,
    d integer,
    e text GENERATED ALWAYS AS (evil.lower('x'::text)) STORED
);

CREATE TABLE app.u (
    a app.text,
    b text,
    c evil.int4,
    d integer
);

CREATE TABLE app.users (
    id integer NOT NULL,
    name text
);

CREATE TABLE evil.users (
    id integer NOT NULL,
    other text
);

CREATE TABLE public.users (
    id integer NOT NULL
);

ALTER TABLE ONLY app.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY evil.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX i ON app.users USING btree (evil.lower(name));

CREATE INDEX i ON evil.users USING btree (other);

CREATE INDEX i ON public.users USING btree (id);

ALTER TABLE app.t ADD CONSTRAINT t_c_fkey FOREIGN KEY (c) REFERENCES evil.users(id);

ALTER TABLE app.t ADD CONSTRAINT t_d_fkey FOREIGN KEY (d) REFERENCES public.users(id);

CREATE VIEW app.v AS
 SELECT u.id,
    evil.lower(u.name) AS lower
   FROM (app.users u
     JOIN evil.users USING (id));

CREATE VIEW app.w AS
 SELECT evil.max(id) AS max
   FROM app.users;

CREATE VIEW evil.pg_class AS
 SELECT 1 AS relname;
