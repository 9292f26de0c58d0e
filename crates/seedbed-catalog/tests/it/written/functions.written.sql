-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE OR REPLACE FUNCTION public.a()
 RETURNS text
 LANGUAGE plpgsql
AS $functionx$ BEGIN RETURN $$it's "quoted" $function$ and \n $$; END $functionx$;

CREATE OR REPLACE FUNCTION public.f(a integer)
 RETURNS integer
 LANGUAGE sql
RETURN (a + 1);

CREATE TABLE public.t (
    id integer NOT NULL,
    b integer,
    c integer DEFAULT public.f(3),
    d integer GENERATED ALWAYS AS (public.f(b)) STORED
);

CREATE OR REPLACE FUNCTION public.aliased()
 RETURNS void
 LANGUAGE sql
BEGIN ATOMIC
 UPDATE public.t AS x SET id = 1
   WHERE (x.id = 2);
 DELETE FROM public.t AS y
   WHERE (y.id = 3);
END;

CREATE OR REPLACE FUNCTION public.b(VARIADIC x text[])
 RETURNS TABLE(id integer, "Name" text)
 LANGUAGE sql
AS $functionx$ SELECT 1, '$function$' $functionx$;

CREATE OR REPLACE FUNCTION public.c(INOUT a integer, OUT b text, c integer DEFAULT (1 + 2))
 RETURNS record
 LANGUAGE plpgsql
 PARALLEL SAFE LEAKPROOF COST 5
AS $function$BEGIN b := 'x'; END$function$;

CREATE OR REPLACE FUNCTION public.d(anyelement, anyarray)
 RETURNS anyelement
 LANGUAGE sql
 IMMUTABLE STRICT
AS $function$SELECT $1$function$;

CREATE OR REPLACE FUNCTION public.e()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'Odd, schema', 'pg_temp'
 SET "my.var" TO 'it''s'
 SET "DateStyle" TO 'SQL, DMY'
AS $function$BEGIN END$function$;

CREATE OR REPLACE FUNCTION public.e2()
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$BEGIN END$function$;

CREATE OR REPLACE FUNCTION public.e3()
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO '$user', 'public'
AS $function$BEGIN END$function$;

CREATE OR REPLACE FUNCTION public.g(a integer, b text)
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT public.f(a) AS f;
 SELECT length(b) AS length;
END;

CREATE OR REPLACE FUNCTION public.h(r public.t)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT r.id$function$;

CREATE OR REPLACE FUNCTION public.h2(r public.t[])
 RETURNS SETOF public.t
 LANGUAGE sql
BEGIN ATOMIC
 SELECT t.id,
     t.b,
     t.c,
     t.d
    FROM public.t;
END;

CREATE VIEW public.v AS
 SELECT public.h(t.*) AS hh,
    ( SELECT count(*) AS count
           FROM public.h2(ARRAY[]::public.t[]) h2(id, b, c, d)) AS count
   FROM public.t;

CREATE OR REPLACE FUNCTION public.i()
 RETURNS SETOF public.v
 LANGUAGE sql
 STABLE ROWS 7
AS $function$SELECT * FROM v$function$;

CREATE OR REPLACE FUNCTION public.j(a integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION public.k(e integer, "E" integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION public.l(integer)
 RETURNS integer
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int4abs$function$;

CREATE OR REPLACE FUNCTION public.sup(internal)
 RETURNS internal
 LANGUAGE internal
 STRICT
AS $function$generate_series_int4_support$function$;

CREATE OR REPLACE FUNCTION public.w(integer)
 RETURNS integer
 LANGUAGE internal
 WINDOW
AS $function$window_rank$function$;

CREATE OR REPLACE FUNCTION public.withsup(integer, integer)
 RETURNS SETOF integer
 LANGUAGE internal
 IMMUTABLE STRICT SUPPORT generate_series_int4_support
AS $function$generate_series_int4$function$;

CREATE OR REPLACE PROCEDURE public.pr(IN a integer, INOUT b text DEFAULT 'x''y'::text)
 LANGUAGE plpgsql
AS $procedure$BEGIN COMMIT; END$procedure$;

CREATE OR REPLACE PROCEDURE public.pr2(IN a integer)
 LANGUAGE sql
BEGIN ATOMIC
 INSERT INTO public.t (id)
   VALUES (pr2.a);
 DELETE FROM public.t
   WHERE (t.id = pr2.a);
END;

CREATE TABLE public.ruled (
    a integer
);

ALTER TABLE public.t ADD CONSTRAINT t_b_check CHECK ((public.f(b) > 0));

ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);

CREATE VIEW public.v2 AS
 SELECT hh,
    count,
    ordinality
   FROM public.i() WITH ORDINALITY i(hh, count, ordinality);

CREATE RULE aliased AS
    ON INSERT TO public.ruled DO  UPDATE public.t AS x SET id = new.a
  WHERE (x.id = new.a);

COMMENT ON PROCEDURE public.pr(integer, text) IS 'line''s
two \ $$ "q"';
