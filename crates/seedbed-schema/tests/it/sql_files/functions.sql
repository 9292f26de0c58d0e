-- Function bodies with dollar signs and quotes, and options of functions.
CREATE FUNCTION a() RETURNS text LANGUAGE plpgsql AS $outer$ BEGIN RETURN $$it's "quoted" $function$ and \n $$; END $outer$;
CREATE FUNCTION b(VARIADIC x text[]) RETURNS TABLE (id int, "Name" text) LANGUAGE sql AS $q$ SELECT 1, '$function$' $q$;
CREATE FUNCTION c(INOUT a int, OUT b text, IN c int DEFAULT 1 + 2) LANGUAGE plpgsql COST 5 PARALLEL SAFE LEAKPROOF AS 'BEGIN b := ''x''; END';
CREATE FUNCTION d(anyelement, anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE RETURNS NULL ON NULL INPUT AS 'SELECT $1';
CREATE FUNCTION e() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, "Odd, schema", pg_temp SET "my.var" = 'it''s' SET datestyle TO 'SQL, DMY' AS 'BEGIN END';
CREATE FUNCTION e2() RETURNS void LANGUAGE plpgsql SET search_path = '' AS 'BEGIN END';
CREATE FUNCTION e3() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS 'BEGIN END';
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE FUNCTION g(a int, b text) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT f(a); SELECT length(b); END;
CREATE TABLE t (id int PRIMARY KEY, b int CHECK (f(b) > 0), c int DEFAULT f(3), d int GENERATED ALWAYS AS (f(b)) STORED);
CREATE FUNCTION h(r t) RETURNS int LANGUAGE sql AS 'SELECT r.id';
CREATE FUNCTION h2(r t[]) RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t; END;
CREATE VIEW v AS SELECT h(t.*) AS hh, (SELECT count(*) FROM h2(ARRAY[]::t[])) FROM t;
CREATE FUNCTION i() RETURNS SETOF v LANGUAGE sql STABLE ROWS 7 AS 'SELECT * FROM v';
CREATE VIEW v2 AS SELECT * FROM i() WITH ORDINALITY;
CREATE FUNCTION j(a t.id%TYPE) RETURNS t.b%TYPE LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION k(E int, "E" int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION l(int) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4abs';
CREATE FUNCTION w(int) RETURNS int LANGUAGE internal WINDOW AS 'window_rank';
CREATE PROCEDURE pr(a int, INOUT b text DEFAULT 'x''y') LANGUAGE plpgsql AS $$BEGIN COMMIT; END$$;
CREATE PROCEDURE pr2(a int) LANGUAGE sql BEGIN ATOMIC INSERT INTO t (id) VALUES (a); DELETE FROM t WHERE id = a; END;
COMMENT ON PROCEDURE pr(int, text) IS 'line''s
two \ $$ "q"';
CREATE FUNCTION sup(internal) RETURNS internal LANGUAGE internal AS 'generate_series_int4_support' STRICT;
CREATE FUNCTION withsup(int,int) RETURNS SETOF int LANGUAGE internal STRICT IMMUTABLE SUPPORT generate_series_int4_support AS 'generate_series_int4';
CREATE FUNCTION aliased() RETURNS void LANGUAGE sql BEGIN ATOMIC UPDATE t x SET id = 1 WHERE x.id = 2; DELETE FROM t y WHERE y.id = 3; END;
CREATE TABLE ruled (a int);
CREATE RULE aliased AS ON INSERT TO ruled DO ALSO UPDATE t x SET id = new.a WHERE x.id = new.a;
