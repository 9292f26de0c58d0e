-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE EXTENSION citext WITH SCHEMA public;

CREATE EXTENSION cube WITH SCHEMA public;

CREATE EXTENSION hstore WITH SCHEMA public;

CREATE TYPE public.mood AS ENUM (
    'a'
);

CREATE OR REPLACE FUNCTION public.changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

CREATE OR REPLACE FUNCTION public.even(n integer)
 RETURNS boolean
 LANGUAGE sql
AS '';

CREATE OR REPLACE FUNCTION public.odd(n integer)
 RETURNS boolean
 LANGUAGE sql
AS '';

CREATE OR REPLACE FUNCTION public.even(n integer)
 RETURNS boolean
 LANGUAGE sql
RETURN ((n = 0) OR public.odd((n - 1)));

CREATE VIEW public.rows AS
  SELECT
    NULL::integer AS a;

CREATE OR REPLACE FUNCTION public.gives_rows()
 RETURNS SETOF public.rows
 LANGUAGE plpgsql
AS $function$BEGIN RETURN; END$function$;

CREATE OR REPLACE FUNCTION public.odd(n integer)
 RETURNS boolean
 LANGUAGE sql
RETURN ((n <> 0) AND public.even((n - 1)));

CREATE VIEW public.counted AS
  SELECT
    NULL::integer AS x,
    NULL::text COLLATE pg_catalog."C" AS "Y",
    NULL::public.mood AS z;

CREATE OR REPLACE FUNCTION public.reads_counted()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT counted.x
    FROM public.counted;
END;

CREATE OR REPLACE FUNCTION public.reads_kept()
 RETURNS integer
 LANGUAGE sql
AS '';

CREATE MATERIALIZED VIEW public.kept AS
 SELECT public.reads_kept() AS n
  WITH NO DATA;

CREATE OR REPLACE FUNCTION public.reads_kept()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT kept.n
    FROM public.kept;
END;

CREATE TABLE public.changed (
    a integer,
    b text
);
CREATE TRIGGER if_changed BEFORE UPDATE ON public.changed FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.changes();
ALTER TABLE public.changed DISABLE TRIGGER if_changed;
ALTER TABLE public.changed ADD COLUMN c integer GENERATED ALWAYS AS ((a * 2)) STORED;
ALTER TABLE public.changed ADD COLUMN d text DEFAULT 'x'::text NOT NULL;
ALTER TABLE public.changed ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY NOT NULL;

ALTER TABLE ONLY public.changed ADD CONSTRAINT changed_d_key UNIQUE (d);

ALTER TABLE ONLY public.changed ADD CONSTRAINT changed_pkey PRIMARY KEY (id);

CREATE INDEX changed_c_idx ON public.changed USING btree (c);

CREATE OR REPLACE VIEW public.counted WITH (security_barrier=true) AS
 SELECT public.reads_counted() AS x,
    ('b'::text COLLATE "C") AS "Y",
    'a'::public.mood AS z;

CREATE VIEW public.above AS
 SELECT "Y"
   FROM public.counted;

CREATE OR REPLACE VIEW public.rows AS
 SELECT a
   FROM public.gives_rows() gives_rows(a);

COMMENT ON EXTENSION citext IS 'ours';

COMMENT ON EXTENSION hstore IS NULL;

COMMENT ON FUNCTION public.even(integer) IS 'or not';

COMMENT ON TRIGGER if_changed ON public.changed IS 'before there was c';

COMMENT ON VIEW public.counted IS 'which counts itself';

GRANT SELECT ON TABLE public.counted TO pg_monitor;
