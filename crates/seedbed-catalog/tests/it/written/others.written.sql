-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE TYPE public.comp AS (
    x integer,
    y text COLLATE pg_catalog."C"
);

CREATE TYPE public.fr AS RANGE (
    SUBTYPE = double precision,
    SUBTYPE_DIFF = pg_catalog.float8mi,
    MULTIRANGE_TYPE_NAME = public.fr_multirange
);

CREATE TYPE public.tr AS RANGE (
    SUBTYPE = text,
    SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops,
    COLLATION = pg_catalog."C",
    MULTIRANGE_TYPE_NAME = public."Multi tr"
);

CREATE DOMAIN public.d1 AS numeric(10,2) DEFAULT 0 NOT NULL;

ALTER DOMAIN public.d1 ADD CONSTRAINT d1_check CHECK ((VALUE < (1000)::numeric));

ALTER DOMAIN public.d1 ADD CONSTRAINT nv CHECK ((VALUE <> (7)::numeric)) NOT VALID;

ALTER DOMAIN public.d1 ADD CONSTRAINT pos CHECK ((VALUE >= (0)::numeric));

CREATE DOMAIN public.d2 AS text[] COLLATE pg_catalog."C";

ALTER DOMAIN public.d2 ADD CONSTRAINT d2_check CHECK ((cardinality(VALUE) > 0));

CREATE SEQUENCE public."Sq q" AS integer MINVALUE -5 MAXVALUE 5 START WITH 0 CYCLE;

CREATE SEQUENCE public.desc_q INCREMENT BY -1;

CREATE SEQUENCE public.longnames_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_s_seq AS integer;

CREATE SEQUENCE public.rn_id_seq AS integer;

CREATE SEQUENCE public.ul_id_seq AS integer;

CREATE OR REPLACE FUNCTION public.et()
 RETURNS event_trigger
 LANGUAGE plpgsql
AS $function$BEGIN END$function$;

CREATE OR REPLACE FUNCTION public.tg()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NULL; END$function$;

CREATE TABLE public.cl (
    a integer
);

CREATE TABLE public.comp_lz (
    a text COMPRESSION pglz,
    b text
);
ALTER TABLE ONLY public.comp_lz ALTER COLUMN b SET (n_distinct='-0.5', n_distinct_inherited=3);

CREATE TABLE public.dt (
    a public.d1,
    b public.d2,
    c public.d1[],
    s integer DEFAULT nextval('public."Sq q"'::regclass)
);

CREATE TABLE public.ex (
    c circle,
    n integer
);

CREATE TABLE public.gcol (
    a integer,
    b text,
    c text GENERATED ALWAYS AS ((upper(b) || (a)::text)) STORED,
    d integer GENERATED ALWAYS AS (
CASE
    WHEN (a > 1) THEN 1
    ELSE a
END) STORED,
    e tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, COALESCE(b, ''::text))) STORED
);

CREATE TABLE public.idx (
    a integer,
    b text,
    c jsonb,
    d integer[],
    e tsvector
);

CREATE TABLE public.longnames_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (
    longcolumn_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.longnames_aaaaaaaaaaaaaaaaaaa_longcolumn_bbbbbbbbbbbbbbbbbb_seq) NOT NULL,
    s integer DEFAULT nextval('public.longnames_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_s_seq'::regclass) NOT NULL
);

CREATE TABLE public.oft (
    x integer NOT NULL,
    y text COLLATE pg_catalog."C" DEFAULT 'z'::text
);

CREATE TABLE public.ofty (
    a integer
);

CREATE TABLE public.ri (
    a integer NOT NULL,
    b integer NOT NULL
);

CREATE TABLE public.ri2 (
    a integer NOT NULL
);

CREATE TABLE public.ri3 (
    a integer NOT NULL
);

CREATE TABLE public.rn_new (
    key integer DEFAULT nextval('public.rn_id_seq'::regclass) NOT NULL
);

CREATE TABLE public.rni_new (
    id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.rni_id_seq) NOT NULL
);

CREATE TABLE public.rr (
    a public.fr,
    b public.tr,
    c public."Multi tr",
    d public.fr[] DEFAULT '{}'::public.fr[]
);

CREATE TABLE public.trg (
    a integer
);

CREATE UNLOGGED TABLE public.ul (
    id integer DEFAULT nextval('public.ul_id_seq'::regclass) NOT NULL,
    t text
) WITH (autovacuum_enabled=off, fillfactor=33, parallel_workers=2, toast.autovacuum_enabled=false);
ALTER TABLE ONLY public.ul ALTER COLUMN t SET STORAGE EXTERNAL;

CREATE TABLE public.uq (
    a integer,
    b integer
);

ALTER SEQUENCE public."Sq q" OWNED BY public.dt.s;

ALTER SEQUENCE public.longnames_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_s_seq OWNED BY public.longnames_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.s;

ALTER SEQUENCE public.rn_id_seq OWNED BY public.rn_new.key;

ALTER SEQUENCE public.ul_id_seq OWNED BY public.ul.id;

ALTER TABLE ONLY public.ex ADD CONSTRAINT ex_c_excl EXCLUDE USING gist (c WITH &&) WITH (fillfactor='50') WHERE ((n > 0)) DEFERRABLE INITIALLY DEFERRED;
ALTER INDEX public.ex_c_excl SET (fillfactor=50);

ALTER TABLE ONLY public.ex ADD CONSTRAINT exb EXCLUDE USING btree (n WITH =);

ALTER TABLE ONLY public.longnames_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ADD CONSTRAINT longnames_aaaaaaaaaaaaaaaaaaa_longcolumn_bbbbbbbbbbbbbbbbbb_key UNIQUE (longcolumn_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);

ALTER TABLE ONLY public.oft ADD CONSTRAINT oft_pkey PRIMARY KEY (x);

ALTER TABLE ONLY public.ri2 ADD CONSTRAINT ri2_pkey PRIMARY KEY (a);

ALTER TABLE ONLY public.ri3 ADD CONSTRAINT ri3_a_key UNIQUE (a);

ALTER TABLE ONLY public.ul ADD CONSTRAINT ul_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.uq ADD CONSTRAINT "U q" UNIQUE (a) INCLUDE (b) DEFERRABLE;
ALTER INDEX public."U q" SET (fillfactor=70);

CREATE INDEX cl_i ON public.cl USING btree (a);

CREATE UNIQUE INDEX "Uniq (x" ON public.idx USING btree (a DESC, b COLLATE "C" NULLS FIRST) INCLUDE (d);

CREATE INDEX idx_a_idx ON public.idx USING brin (a) WITH (pages_per_range='8');

CREATE INDEX idx_a_idx1 ON public.idx USING btree (a) WITH (deduplicate_items=off);

CREATE INDEX idx_b_idx ON public.idx USING hash (b);

CREATE INDEX idx_b_idx1 ON public.idx USING spgist (b);

CREATE INDEX idx_c_d_idx ON public.idx USING gin (c jsonb_path_ops, d) WITH (fastupdate=off);

CREATE INDEX idx_expr_expr1_idx ON public.idx USING btree (((b || 'x'::text)), ((a % 2))) WHERE ((b IS NOT NULL) AND (a = ANY (ARRAY[1, 2])));

CREATE INDEX idx_to_tsvector_idx ON public.idx USING gin (to_tsvector('english'::regconfig, b));

CREATE UNIQUE INDEX ri_i ON public.ri USING btree (a, b);

ALTER TABLE ONLY public.oft OF public.comp;

ALTER TABLE ONLY public.ri REPLICA IDENTITY USING INDEX ri_i;

ALTER TABLE ONLY public.ri2 REPLICA IDENTITY NOTHING;

ALTER TABLE ONLY public.ri3 REPLICA IDENTITY USING INDEX ri3_a_key;

ALTER TABLE public.cl CLUSTER ON cl_i;

CREATE STATISTICS public.st1 (dependencies) ON a, b FROM public.uq;
ALTER STATISTICS public.st1 SET STATISTICS 50;

CREATE STATISTICS public.st2 ON (a + b), (b * 2) FROM public.uq;

CREATE RULE rl2 AS
    ON DELETE TO public.ri DO INSTEAD NOTHING;

CREATE RULE rl AS
    ON UPDATE TO public.uq DO
 NOTIFY changed, 'x';

CREATE TRIGGER a1 AFTER UPDATE ON public.trg REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION public.tg();
ALTER TABLE public.trg DISABLE TRIGGER a1;

CREATE TRIGGER a2 BEFORE TRUNCATE ON public.trg FOR EACH STATEMENT EXECUTE FUNCTION public.tg('it''s', 'b\c', 'é');
ALTER TABLE public.trg ENABLE ALWAYS TRIGGER a2;

COMMENT ON SCHEMA public IS 'mine';

COMMENT ON CONSTRAINT pos ON DOMAIN public.d1 IS 'p''s';

COMMENT ON TABLE public.dt IS 'quote '' and
newline, tab	, backslash \ and $$ dollars and -- dashes /* x */ é日本';

COMMENT ON COLUMN public.oft.x IS 'of';

COMMENT ON TRIGGER a2 ON public.trg IS 'x';

COMMENT ON STATISTICS public.st1 IS 'x';

CREATE EVENT TRIGGER ev ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION public.et();
ALTER EVENT TRIGGER ev ENABLE ALWAYS;
