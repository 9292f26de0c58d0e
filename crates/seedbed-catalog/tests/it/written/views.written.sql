-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE TABLE public.t (
    a integer,
    b text,
    c timestamp with time zone,
    d integer[],
    "E x" integer
);

CREATE TABLE public.u (
    a integer,
    z text
);

CREATE VIEW public.v01 AS
 SELECT t.a,
    u.z
   FROM (public.t
     LEFT JOIN public.u USING (a));

CREATE VIEW public.v02 AS
 SELECT a,
    row_number() OVER (PARTITION BY b ORDER BY c DESC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS row_number
   FROM public.t;

CREATE VIEW public.v03 AS
 WITH RECURSIVE r(n) AS (
         SELECT 1 AS "?column?"
        UNION ALL
         SELECT (r_1.n + 1)
           FROM r r_1
          WHERE (r_1.n < 5)
        )
 SELECT n
   FROM r;

CREATE VIEW public.v04 AS
 SELECT t.a
   FROM public.t
UNION
 SELECT u.a
   FROM public.u
  ORDER BY 1
 OFFSET 2
 LIMIT 5;

CREATE VIEW public.v05 AS
 SELECT DISTINCT ON (a) a,
    b
   FROM public.t
  ORDER BY a, c DESC;

CREATE VIEW public.v06 AS
 SELECT a,
    count(*) FILTER (WHERE (b = 'x'::text)) AS n,
    string_agg(b, ','::text ORDER BY c) AS string_agg
   FROM public.t
  GROUP BY ROLLUP(a), GROUPING SETS ((b), ())
 HAVING (count(*) > 1);

CREATE VIEW public.v07 AS
 SELECT x.a,
    x.b,
    x.c,
    x.d,
    x."E x",
    y.q,
    y.r
   FROM public.t x,
    LATERAL unnest(x.d) WITH ORDINALITY y(q, r);

CREATE VIEW public.v08 AS
 SELECT ( SELECT max(u.a) AS max
           FROM public.u
          WHERE (u.a = t.a)) AS m,
    (EXISTS ( SELECT 1
           FROM public.u
          WHERE (u.z = t.b))) AS e,
    (a IN ( SELECT u.a
           FROM public.u)) AS i
   FROM public.t;

CREATE VIEW public.v09 AS
 SELECT t.*::public.t AS whole,
    t.*::public.t AS w2,
    a AS aa
   FROM public.t;

CREATE VIEW public.v10 AS
 VALUES (1,'a'::text), (2,'b'::text);

CREATE VIEW public.v11 AS
 SELECT a AS b,
    b AS a
   FROM public.t
  ORDER BY t.a, t.b;

CREATE VIEW public.v12 AS
 SELECT a
   FROM public.t TABLESAMPLE bernoulli (5) REPEATABLE (1);

CREATE VIEW public.v13 AS
 SELECT
        CASE a
            WHEN 1 THEN 'x'::text
            ELSE b
        END AS cc,
    (b)::character varying(5) AS b,
    (c AT TIME ZONE 'UTC'::text) AS utc,
    d[1:2] AS d,
    EXTRACT(epoch FROM c) AS "extract",
    (c)::date AS cd,
    (b COLLATE "C") AS bc
   FROM public.t;

CREATE VIEW public.v14 AS
 SELECT a
   FROM public.t x
  WHERE (((b = ANY (ARRAY['a'::text, 'b'::text])) AND (a <> ALL (ARRAY[1, 2]))) OR ((a >= 1) AND (a <= 5)));

CREATE VIEW public.v15 AS
 SELECT s.a,
    s.b,
    u.z,
    g.g
   FROM ((( SELECT t.a,
            t.b
           FROM public.t) s
     JOIN public.u ON (((s.a = u.a) AND (s.b = u.z))))
     CROSS JOIN generate_series(1, 3) g(g));

CREATE VIEW public.v16 AS
 SELECT t1.a AS a1,
    t2.a AS a2
   FROM (public.t t1
     JOIN public.t t2 USING (a, b, c, d, "E x"));

CREATE VIEW public.v17 AS
 SELECT a,
    b,
    c,
    d,
    "E x"
   FROM public.t;

CREATE VIEW public.v18 AS
 SELECT "E x" AS "F y"
   FROM public.t
  GROUP BY "E x"
  ORDER BY "E x";

CREATE VIEW public.v19 AS
 SELECT a
   FROM public.t f
  WHERE (a = ( SELECT f_1.a
           FROM public.u f_1
          WHERE (f_1.a = 1)));

CREATE VIEW public.v20 AS
 SELECT a
   FROM ONLY public.t
 FOR UPDATE OF t SKIP LOCKED;

CREATE VIEW public.v21 AS
 SELECT a
   FROM public.t
  ORDER BY a
 FETCH FIRST (3) ROWS WITH TIES;

CREATE VIEW public.v22 AS
 SELECT json_build_object('a', a) AS j,
    row_to_json(t.*) AS r,
    XMLFOREST(a AS x) AS f
   FROM public.t;

CREATE VIEW public.v23 AS
 SELECT sum(a) OVER w AS s
   FROM public.t
  WINDOW w AS (ORDER BY a);

CREATE VIEW public.v24 AS
 WITH x AS MATERIALIZED (
         SELECT t.a
           FROM public.t
        ), y AS NOT MATERIALIZED (
         SELECT x.a
           FROM x
        )
 SELECT a
   FROM y;

CREATE VIEW public.v25 AS
 SELECT a
   FROM public.t
  WHERE ((a = ANY (d)) AND ((a, b) IN ( SELECT u.a,
            u.z
           FROM public.u)));

CREATE VIEW public.v26 AS
 SELECT x,
    o
   FROM XMLTABLE(('/a'::text) PASSING ('<a/>'::xml) COLUMNS x text DEFAULT ('q'::text) PATH ('@x'::text), o FOR ORDINALITY);

CREATE VIEW public.v27 AS
 SELECT a,
    b
   FROM ROWS FROM(generate_series(1, 2), unnest(ARRAY['a'::text, 'b'::text])) z(a, b);

CREATE VIEW public.v28 AS
 SELECT a,
    b
   FROM json_to_record('{}'::json) x(a integer, b text);

CREATE VIEW public.v29 AS
(
         SELECT t.a
           FROM public.t
        INTERSECT ALL
         SELECT u.a
           FROM public.u
) EXCEPT
 SELECT 1 AS a;

CREATE VIEW public.v30 AS
 SELECT a AS x,
    b AS y
   FROM public.t;

CREATE VIEW public.v31 AS
 SELECT a,
    (- a) AS neg,
    (a + 1) AS "user"
   FROM public.t
  WHERE (NOT (b IS NULL))
  ORDER BY (a + 1), (b COLLATE "C") DESC;

CREATE VIEW public.v33 AS
 SELECT a AS x
   FROM public.t
  ORDER BY a;

CREATE VIEW public.v34 AS
 SELECT DISTINCT a AS b,
    b AS c
   FROM public.t
  GROUP BY a, b
  ORDER BY t.b, a;

CREATE VIEW public.v35 AS
 SELECT max(a) AS a
   FROM public.t
 HAVING (max(a) > 0)
  ORDER BY (max(a));

CREATE VIEW public.v36 AS
 SELECT a
   FROM public.t a;

CREATE VIEW public.v37 AS
 SELECT a
   FROM public.t
  WHERE ((c > (now() - '1 day'::interval)) AND (b ~~* 'x%'::text) AND (b ~ similar_to_escape('a'::text)));

CREATE VIEW public.v38 AS
 WITH RECURSIVE v38(n) AS (
         SELECT 1 AS "?column?"
        UNION ALL
         SELECT (v38_1.n + 1)
           FROM v38 v38_1
          WHERE (v38_1.n < 3)
        )
 SELECT n
   FROM v38;

CREATE MATERIALIZED VIEW public.m01 AS
 SELECT a,
    b
   FROM public.t
  WITH NO DATA;

ALTER MATERIALIZED VIEW public.m01 ALTER COLUMN a SET STATISTICS 5;

CREATE INDEX m01_a_idx ON public.m01 USING btree (a) WHERE (a > 0);
