-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE EXTENSION "uuid-ossp" WITH SCHEMA public;

CREATE EXTENSION btree_gist WITH SCHEMA public;

CREATE SCHEMA "Ext s";

CREATE EXTENSION citext WITH SCHEMA "Ext s";

CREATE SCHEMA other;

CREATE EXTENSION hstore WITH SCHEMA other;

CREATE EXTENSION ltree WITH SCHEMA public;

CREATE EXTENSION pg_trgm WITH SCHEMA other;

CREATE EXTENSION pgcrypto WITH SCHEMA public;

CREATE DOMAIN public.email AS "Ext s".citext;

ALTER DOMAIN public.email ADD CONSTRAINT email_check CHECK ((VALUE OPERATOR("Ext s".~) '^.+@'::"Ext s".citext));

CREATE OR REPLACE FUNCTION public.f("Ext s".citext)
 RETURNS other.hstore
 LANGUAGE sql
AS $function$SELECT NULL::other.hstore$function$;

CREATE TABLE public.booking (
    room integer,
    during tstzrange
);

CREATE TABLE public.t (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    e "Ext s".citext NOT NULL,
    h other.hstore DEFAULT ''::other.hstore,
    k other.hstore DEFAULT other.hstore('a'::text, 'b'::text),
    l public.ltree
);

ALTER TABLE public.t ADD CONSTRAINT t_e_check CHECK ((e OPERATOR("Ext s".~) '@'::"Ext s".citext));

ALTER TABLE ONLY public.booking ADD CONSTRAINT booking_room_during_excl EXCLUDE USING gist (room WITH =, during WITH &&);

ALTER TABLE ONLY public.t ADD CONSTRAINT t_e_key UNIQUE (e);

ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);

CREATE INDEX t_e_idx ON public.t USING gin (((e)::text) other.gin_trgm_ops);

CREATE INDEX t_h_idx ON public.t USING gin (h);

CREATE INDEX t_l_idx ON public.t USING gist (l);

CREATE VIEW public.v AS
 SELECT (h OPERATOR(other.->) 'a'::text) AS x,
    e
   FROM public.t
  WHERE (e OPERATOR("Ext s".=) 'X'::"Ext s".citext);

COMMENT ON EXTENSION citext IS 'mine';
