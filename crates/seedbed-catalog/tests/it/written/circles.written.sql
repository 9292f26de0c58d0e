-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE TYPE public.mood AS ENUM (
    'x',
    'y'
);

CREATE OR REPLACE FUNCTION public.uses_enum(m public.mood DEFAULT 'x'::public.mood)
 RETURNS public.mood
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT m$function$;

CREATE DOMAIN public.dm AS public.mood DEFAULT public.uses_enum('x'::public.mood);

CREATE TYPE public.comp AS (
    m public.mood,
    d public.dm,
    arr public.mood[]
);

ALTER DOMAIN public.dm ADD CONSTRAINT dm_check CHECK ((public.uses_enum(VALUE) = 'x'::public.mood));

CREATE VIEW public.circle1 AS
 SELECT 1 AS x;

CREATE OR REPLACE FUNCTION public.cf()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT circle1.x
    FROM public.circle1;
END;

CREATE TABLE public.b (
    id integer NOT NULL,
    c integer
);

CREATE TABLE public.a (
    id integer NOT NULL,
    b integer
);

CREATE VIEW public.v1 AS
 SELECT id,
    b
   FROM public.a;

CREATE VIEW public.v2 AS
 SELECT v1.id,
    v1.b,
    b.c
   FROM (public.v1
     JOIN public.b USING (id));

CREATE VIEW public.v0 AS
 SELECT id,
    b,
    c
   FROM public.v2;

CREATE OR REPLACE FUNCTION public.counts()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(*) AS count
    FROM public.v0;
END;

CREATE TABLE public.e (
    c public.comp,
    cs public.comp[]
);

CREATE OR REPLACE FUNCTION public.takes_e(public.e)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT true$function$;

CREATE OR REPLACE FUNCTION public.trg()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

CREATE AGGREGATE public.agg(integer) (
    SFUNC = pg_catalog.int4pl,
    STYPE = integer,
    INITCOND = '0'
);

CREATE TABLE public.c (
    id integer NOT NULL,
    a integer
);

CREATE TABLE public.d (
    m public.mood DEFAULT public.uses_enum('y'::public.mood),
    x public.dm,
    g public.mood GENERATED ALWAYS AS (public.uses_enum(m)) STORED
);

CREATE TABLE public.f (
    x public.e,
    y public.d[]
);

CREATE TABLE public.g (
    n bigint DEFAULT public.counts()
);

ALTER TABLE public.e ADD CONSTRAINT e_c_check CHECK (((c).m = 'x'::public.mood));

ALTER TABLE public.e ADD CONSTRAINT e_check CHECK (public.takes_e(e.*));

ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.b ADD CONSTRAINT b_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.c ADD CONSTRAINT c_pkey PRIMARY KEY (id);

CREATE INDEX e_takes_e_idx ON public.e USING btree (public.takes_e(e.*));

ALTER TABLE public.a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES public.b(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE public.b ADD CONSTRAINT b_c_fkey FOREIGN KEY (c) REFERENCES public.c(id) MATCH FULL DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE public.c ADD CONSTRAINT c_a_fkey FOREIGN KEY (a) REFERENCES public.a(id) DEFERRABLE;

CREATE VIEW public.aa AS
 SELECT public.counts() AS n,
    n AS m
   FROM public.g;

CREATE MATERIALIZED VIEW public.mm AS
 SELECT n,
    m
   FROM public.aa
  WITH NO DATA;

CREATE VIEW public.ab AS
 SELECT n,
    m
   FROM public.mm;

CREATE VIEW public.va AS
 SELECT public.agg(id) AS agg
   FROM public.a;

CREATE UNIQUE INDEX mm_n_idx ON public.mm USING btree (n);

CREATE RULE r AS
    ON INSERT TO public.v1 DO INSTEAD  INSERT INTO public.a (id, b)
  VALUES (new.id, new.b)
  RETURNING a.id,
    a.b;

CREATE TRIGGER x AFTER UPDATE OF b ON public.a FOR EACH ROW WHEN ((public.uses_enum('x'::public.mood) = 'x'::public.mood)) EXECUTE FUNCTION public.trg('a''b', '1');

CREATE POLICY p ON public.a USING ((id IN ( SELECT v0.id
   FROM public.v0)));
