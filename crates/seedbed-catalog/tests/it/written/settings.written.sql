-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA s;

CREATE COLLATION public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE COLLATION public.lc (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');

CREATE COLLATION s."C o" (provider = libc, lc_collate = 'C', lc_ctype = 'C');

CREATE TYPE public.c AS (
    x text COLLATE public.lc
);

CREATE TYPE public.r AS RANGE (
    SUBTYPE = text,
    COLLATION = public.ci,
    MULTIRANGE_TYPE_NAME = public.r_multirange
);

CREATE DOMAIN public.d AS text COLLATE public.ci;

CREATE OR REPLACE FUNCTION public.g()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

CREATE TABLE public."cl k" (
    a integer NOT NULL
);

CREATE TABLE public.ids (
    id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    o integer
);

CREATE TABLE public.aaa (
    x bigint DEFAULT nextval('public.ids_id_seq'::regclass)
);

CREATE TABLE public.excluded (
    n integer
);

CREATE TABLE public.fk (
    a integer
);

CREATE TABLE public.oft (
    x text COLLATE public.lc NOT NULL
);

CREATE TABLE public.p (
    a integer
) PARTITION BY LIST (a);

CREATE TABLE public.p1 (
    a integer
);

CREATE TABLE public.p2 (
    a integer
) PARTITION BY LIST (a);

CREATE TABLE public.p21 (
    a integer
);

CREATE TABLE public.t (
    a text COLLATE public.ci,
    b text COLLATE s."C o"
);

CREATE TABLE public.toa (
    a text
) WITH (toast.autovacuum_enabled=off, toast_tuple_target=200);

ALTER TABLE ONLY public.ids ALTER COLUMN o SET DEFAULT nextval('public.ids_id_seq'::regclass);

ALTER TABLE ONLY public.p ATTACH PARTITION public.p1 DEFAULT;

ALTER TABLE ONLY public.p ATTACH PARTITION public.p2 FOR VALUES IN (2);

ALTER TABLE ONLY public.p2 ATTACH PARTITION public.p21 DEFAULT;

ALTER TABLE ONLY public."cl k" ADD CONSTRAINT "cl k_pkey" PRIMARY KEY (a);

ALTER TABLE ONLY public.excluded ADD CONSTRAINT doubles EXCLUDE USING btree (((n * 2)) WITH =);
ALTER INDEX public.doubles ALTER COLUMN 1 SET STATISTICS 7;

ALTER TABLE ONLY public.fk ADD CONSTRAINT fk_a_key UNIQUE (a) DEFERRABLE;
ALTER INDEX public.fk_a_key SET (fillfactor=60);

ALTER TABLE ONLY public.oft ADD CONSTRAINT oft_pkey PRIMARY KEY (x);

ALTER TABLE ONLY public.t ADD CONSTRAINT t_b_key UNIQUE (b);

CREATE INDEX ci_i ON public.oft USING btree (x);

CREATE INDEX t_b_idx ON public.t USING btree (b COLLATE public.ci);

ALTER TABLE ONLY public.oft OF public.c;

CREATE VIEW public.iv AS
 SELECT last_value
   FROM public.ids_id_seq;

CREATE VIEW public.v AS
 SELECT (a COLLATE s."C o") AS a
   FROM public.t;

CREATE MATERIALIZED VIEW public.m WITH (toast.autovacuum_enabled=false) AS
 SELECT a,
    b
   FROM public.t
  WITH NO DATA;

ALTER MATERIALIZED VIEW public.m ALTER COLUMN a SET STATISTICS 5;
ALTER MATERIALIZED VIEW public.m ALTER COLUMN a SET (n_distinct=5);

ALTER MATERIALIZED VIEW public.m ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER MATERIALIZED VIEW public.m ALTER COLUMN b SET COMPRESSION pglz;

CREATE INDEX mi ON public.m USING btree (b);

ALTER TABLE public."cl k" CLUSTER ON "cl k_pkey";

ALTER TABLE public.oft CLUSTER ON ci_i;

ALTER MATERIALIZED VIEW public.m CLUSTER ON mi;

CREATE STATISTICS public.st ON a, b FROM public.t;
ALTER STATISTICS public.st SET STATISTICS 50;

CREATE TRIGGER tr AFTER INSERT ON public.p FOR EACH ROW EXECUTE FUNCTION public.g();

CREATE TRIGGER tr2 AFTER INSERT ON public.p FOR EACH ROW EXECUTE FUNCTION public.g();
ALTER TABLE public.p DISABLE TRIGGER tr2;

ALTER TABLE public.p1 DISABLE TRIGGER tr;

ALTER TABLE public.p1 ENABLE REPLICA TRIGGER tr2;

ALTER TABLE public.p2 ENABLE ALWAYS TRIGGER tr;

ALTER TABLE public.p2 ENABLE TRIGGER tr2;

ALTER TABLE public.p21 ENABLE TRIGGER tr;

COMMENT ON COLLATION public.ci IS 'x';

COMMENT ON SEQUENCE public.ids_id_seq IS 'identity';

COMMENT ON CONSTRAINT "cl k_pkey" ON public."cl k" IS 'the key';

COMMENT ON INDEX public."cl k_pkey" IS 'of key';

COMMENT ON COLUMN public.m.a IS 'mc';

GRANT SELECT ON SEQUENCE public.ids_id_seq TO pg_monitor;
