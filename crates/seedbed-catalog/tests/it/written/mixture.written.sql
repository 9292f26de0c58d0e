-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA a;

CREATE SCHEMA z;

CREATE TYPE public.e63 AS ENUM (
    '123456789012345678901234567890123456789012345678901234567890abc',
    'ä',
    'new
line',
    '"q"'
);

CREATE TYPE public.empty AS ();

CREATE TYPE z.e AS ENUM (
    '1'
);

CREATE DOMAIN a.d AS z.e;

CREATE DOMAIN public.d AS integer;

CREATE OR REPLACE FUNCTION public.fd(public.d)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN true;

ALTER DOMAIN public.d ADD CONSTRAINT d_check CHECK (public.fd((VALUE)::public.d));

CREATE SEQUENCE z.s;

CREATE TABLE public.base (
    id integer NOT NULL,
    v integer
);

CREATE OR REPLACE FUNCTION public.defarg(b public.e63 DEFAULT 'ä'::public.e63, c integer[] DEFAULT ARRAY[1, 2], d public.base DEFAULT NULL::public.base)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION public.fo(a integer, OUT b integer, OUT c text)
 RETURNS record
 LANGUAGE sql
AS $function$SELECT 1, 2::text$function$;

CREATE OR REPLACE FUNCTION public.fpoly(anycompatible, VARIADIC anycompatiblearray)
 RETURNS anycompatible
 LANGUAGE sql
AS $function$SELECT $1$function$;

CREATE OR REPLACE FUNCTION public.fv(VARIADIC integer[])
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION public.tf()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NULL; END$function$;

CREATE VIEW public.v AS
 SELECT id,
    v
   FROM public.base;

CREATE OR REPLACE FUNCTION public.vf(public.v)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION public.vs(bigint, VARIADIC integer[])
 RETURNS bigint
 LANGUAGE sql
AS $function$SELECT 1::int8$function$;

CREATE TABLE a.u (
    e z.e DEFAULT '1'::z.e,
    d a.d DEFAULT '1'::z.e
);

CREATE TABLE z.t (
    x integer NOT NULL
);

CREATE OR REPLACE FUNCTION z.f(a.u)
 RETURNS z.t
 LANGUAGE sql
AS $function$SELECT * FROM z.t$function$;

CREATE OR REPLACE PROCEDURE public.po(IN a integer, OUT b text, INOUT c integer)
 LANGUAGE plpgsql
AS $procedure$BEGIN END$procedure$;

CREATE AGGREGATE public.pct(double precision ORDER BY anyelement) (
    SFUNC = pg_catalog.ordered_set_transition,
    FINALFUNC = pg_catalog.percentile_disc_final,
    STYPE = internal,
    FINALFUNC_EXTRA
);

CREATE AGGREGATE public.va(VARIADIC integer[]) (
    SFUNC = public.vs,
    STYPE = bigint
);

CREATE TABLE a.t (
    x integer,
    n integer DEFAULT nextval('z.s'::regclass)
);

CREATE TABLE public.odd (
    a "char"[],
    b name[],
    c int2vector,
    d oidvector,
    e bit(1)[],
    f bit varying(3)[],
    g time(0) without time zone[],
    h character(1)[],
    i "char" DEFAULT 'x'::"char",
    j regproc DEFAULT 'now'::regproc,
    k regtype DEFAULT 'integer'::regtype,
    l tid,
    m xid,
    n pg_lsn,
    o txid_snapshot,
    p inet[],
    q box,
    r macaddr8,
    s tsquery,
    t jsonpath DEFAULT '$."a"'::jsonpath,
    u numeric[],
    v character varying[],
    w interval hour to minute[],
    x regclass,
    y pg_class,
    z integer[]
);

CREATE TABLE public.q (
    "DEFAULT" integer DEFAULT 1,
    "a b" integer GENERATED ALWAYS AS (("DEFAULT" + 1)) STORED,
    "primary" integer
);

CREATE TABLE public.selfp (
    id integer NOT NULL,
    parent integer,
    path text GENERATED ALWAYS AS ((id)::text) STORED
) WITH (autovacuum_vacuum_scale_factor=0.01);

CREATE TABLE public.usesview (
    x public.v,
    y public.v[]
);

CREATE TABLE public.wide (
    a integer,
    b integer NOT NULL,
    c integer,
    d integer NOT NULL,
    f integer
);

ALTER SEQUENCE z.s OWNED BY z.t.x;

ALTER TABLE public.q ADD CONSTRAINT q_check CHECK ((("a b" IS NOT NULL) OR ("primary" = ANY (ARRAY[1]))));

ALTER TABLE public.wide ADD CONSTRAINT "check" CHECK (true);

ALTER TABLE public.wide ADD CONSTRAINT wide_a_check CHECK ((a > 0));

ALTER TABLE ONLY public.base ADD CONSTRAINT base_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.q ADD CONSTRAINT "q_a b_primary_key" UNIQUE ("a b", "primary");

ALTER TABLE ONLY public.selfp ADD CONSTRAINT selfp_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wide ADD CONSTRAINT by_index UNIQUE (b, c);

ALTER TABLE ONLY public.wide ADD CONSTRAINT named_u UNIQUE (a) INCLUDE (b, c);

ALTER TABLE ONLY public.wide ADD CONSTRAINT wide_c_a_key UNIQUE (c, a);

ALTER TABLE ONLY public.wide ADD CONSTRAINT wide_pkey PRIMARY KEY (d, b);

ALTER TABLE ONLY z.t ADD CONSTRAINT t_pkey PRIMARY KEY (x);

CREATE INDEX expr ON public.selfp USING btree ((
CASE
    WHEN (parent IS NULL) THEN 0
    ELSE 1
END), lower(path) DESC NULLS LAST, ((path || 'x'::text)) COLLATE "C");

CREATE INDEX part ON public.selfp USING btree (id) WHERE ((path ~~ 'a%'::text) AND (parent IS DISTINCT FROM 5));

ALTER TABLE a.t ADD CONSTRAINT t_x_fkey FOREIGN KEY (x) REFERENCES public.base(id);

ALTER TABLE a.t ADD CONSTRAINT t_x_fkey1 FOREIGN KEY (x) REFERENCES z.t(x);

ALTER TABLE public.selfp ADD CONSTRAINT selfp_parent_fkey FOREIGN KEY (parent) REFERENCES public.selfp(id) ON DELETE SET NULL;

ALTER TABLE public.wide ADD CONSTRAINT wide_f_fkey FOREIGN KEY (f) REFERENCES public.wide(a) ON UPDATE RESTRICT ON DELETE SET DEFAULT;

CREATE VIEW a.v AS
 SELECT (z.f(u.*)).x AS x
   FROM a.u;

CREATE VIEW public."V" AS
 SELECT "a b" AS "x y",
    "DEFAULT"
   FROM public.q "Q q"
  WHERE ("primary" > 0);

CREATE VIEW public."v.x" AS
 SELECT "x y"
   FROM public."V";

CREATE VIEW public.v2 AS
 SELECT public.vf(v.*) AS vf
   FROM public.v;

CREATE MATERIALIZED VIEW public."M m" AS
 SELECT "x y"
   FROM public."v.x"
  WITH NO DATA;

CREATE UNIQUE INDEX "M i" ON public."M m" USING btree ("x y");

CREATE RULE _r AS
    ON INSERT TO public.v
   WHERE (new.id > 5) DO INSTEAD ( INSERT INTO public.base (id)
  VALUES (new.id);
 SELECT 1 AS "?column?";
);

CREATE TRIGGER cols AFTER UPDATE OF id, v ON public.base FOR EACH ROW EXECUTE FUNCTION public.tf();

CREATE CONSTRAINT TRIGGER ct AFTER INSERT OR UPDATE OF v ON public.base FROM public.usesview DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.v > 5)) EXECUTE FUNCTION public.tf();

CREATE TRIGGER "b""t" INSTEAD OF DELETE OR UPDATE ON public.v FOR EACH ROW EXECUTE FUNCTION public.tf();

CREATE POLICY many ON public.base TO pg_monitor, pg_read_all_data USING (true) WITH CHECK ((id = ( SELECT max(b.id) AS max
   FROM public.base b
  WHERE (b.v = base.v))));

COMMENT ON FUNCTION public.fo(integer) IS 'x';

COMMENT ON FUNCTION public.fpoly(anycompatible, anycompatiblearray) IS 'p';

COMMENT ON FUNCTION public.fv(integer[]) IS 'x';

COMMENT ON PROCEDURE public.po(integer, integer) IS 'x';

COMMENT ON AGGREGATE public.pct(double precision, anyelement) IS 'x';

COMMENT ON AGGREGATE public.va(integer[]) IS 'x';

COMMENT ON POLICY many ON public.base IS 'x';

COMMENT ON CONSTRAINT "check" ON public.wide IS 'x';

COMMENT ON RULE _r ON public.v IS 'x';

COMMENT ON TRIGGER "b""t" ON public.v IS 'x';

COMMENT ON MATERIALIZED VIEW public."M m" IS 'x';

COMMENT ON COLUMN public."M m"."x y" IS 'y';

COMMENT ON INDEX public."M i" IS 'z';

GRANT ALL ON TYPE public.e63 TO pg_monitor;

REVOKE ALL ON FUNCTION public.fo(integer) FROM PUBLIC;

GRANT ALL ON FUNCTION public.fv(integer[]) TO pg_monitor;

GRANT ALL ON PROCEDURE public.po(integer, integer) TO pg_monitor;

GRANT ALL ON FUNCTION public.pct(double precision, anyelement) TO pg_monitor;

GRANT ALL ON FUNCTION public.va(integer[]) TO pg_monitor;

GRANT SELECT ON TABLE public.base TO pg_monitor;

GRANT SELECT ON TABLE public.odd TO pg_monitor;

GRANT SELECT ON TABLE public.q TO pg_monitor;

GRANT INSERT ("a b") ON TABLE public.q TO pg_monitor;

GRANT SELECT ON TABLE public.usesview TO pg_monitor;

GRANT SELECT ON TABLE public.wide TO pg_monitor;

GRANT SELECT ON TABLE public."V" TO pg_monitor;

GRANT SELECT ON TABLE public."v.x" TO pg_monitor;

GRANT SELECT ON TABLE public.v TO pg_monitor;

GRANT SELECT ON TABLE public.v2 TO pg_monitor;

GRANT SELECT ON TABLE public."M m" TO pg_monitor;

GRANT SELECT ("x y") ON TABLE public."M m" TO PUBLIC;
