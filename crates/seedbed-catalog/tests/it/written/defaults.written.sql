-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA s;

CREATE SEQUENCE public.own_q;

CREATE SEQUENCE s.q2;

CREATE TABLE public.t (
    a integer DEFAULT nextval('public.own_q'::regclass),
    b bigint DEFAULT (nextval('s.q2'::regclass) * 2),
    c text DEFAULT 'a
b\c	'''::text,
    d text DEFAULT 'x''y'::text,
    e jsonb DEFAULT '{"a": "b''c"}'::jsonb,
    f timestamp with time zone DEFAULT ('2024-01-01 00:00:00+00'::timestamp with time zone AT TIME ZONE 'UTC'::text),
    g text DEFAULT CURRENT_USER,
    h name DEFAULT SESSION_USER,
    i text,
    j integer,
    k interval DEFAULT '-1 days +02:03:04.5'::interval,
    l double precision DEFAULT 'NaN'::double precision,
    m double precision DEFAULT '-Infinity'::double precision,
    n timestamp without time zone DEFAULT 'infinity'::timestamp without time zone,
    o bytea DEFAULT '\xdeadbeef'::bytea,
    p money DEFAULT 5,
    q xml DEFAULT '<a/>'::xml,
    r inet DEFAULT '::1'::inet,
    s tsvector DEFAULT to_tsvector('english'::regconfig, 'x'::text),
    u integer[] DEFAULT '{{1,2},{3,4}}'::integer[],
    v int4range DEFAULT '[1,5)'::int4range,
    w text DEFAULT 
CASE
    WHEN (random() > (0.5)::double precision) THEN 'a'::text
    ELSE 'b'::text
END,
    x text DEFAULT concat_ws('-'::text, 'a', 'b', NULL::unknown),
    y boolean DEFAULT (1 = ANY (ARRAY[1, 2])),
    z character varying DEFAULT (('a'::character varying(5))::text || 'b'::text),
    aa character(1) DEFAULT 'x'::bpchar,
    ab "char" DEFAULT 'x'::"char",
    ac bit varying(5) DEFAULT '1'::"bit",
    ad time with time zone DEFAULT '10:00:00+02'::time with time zone,
    ae date DEFAULT ((now() + '1 day'::interval))::date,
    af numeric DEFAULT '10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric,
    ag smallint DEFAULT 32767,
    ah oid DEFAULT 5,
    ai text DEFAULT SUBSTRING('abc'::text FROM 2 FOR 1),
    aj text DEFAULT TRIM(BOTH FROM ' x '::text),
    ak text DEFAULT OVERLAY('abc'::text PLACING 'z'::text FROM 2),
    al integer DEFAULT POSITION(('a'::text) IN ('ba'::text)),
    am integer DEFAULT (EXTRACT(year FROM '2020-01-01'::date))::integer,
    an text DEFAULT NORMALIZE('x'::text),
    ao text DEFAULT 'é'::text,
    ap boolean DEFAULT (ROW(1, 2) < ROW(1, 3)),
    aq integer DEFAULT COALESCE(NULL::integer, 1),
    ar integer DEFAULT GREATEST(1, 2),
    at2 timestamp without time zone DEFAULT LOCALTIMESTAMP(3),
    au text COLLATE pg_catalog."C" DEFAULT ('a'::text COLLATE "C"),
    av text DEFAULT ('a'::text || ('b'::text COLLATE "POSIX")),
    aw interval year to month DEFAULT '1 year 2 mons'::interval year to month,
    ax interval(3) DEFAULT '00:00:01.235'::interval(3),
    ay text DEFAULT (ARRAY['a'::text, 'b'::text])[1],
    az timestamp without time zone DEFAULT ('2020-01-01 00:00:00'::timestamp without time zone AT TIME ZONE 'Europe/Berlin'::text),
    ba boolean DEFAULT (('2020-01-01'::date, '2020-02-01'::date) OVERLAPS ('2020-01-15'::date, '2020-03-01'::date)),
    bb text DEFAULT (XMLELEMENT(NAME a))::text,
    bc boolean DEFAULT ('x'::text ~~ like_escape('y'::text, '!'::text)),
    bd boolean DEFAULT ('x'::text ~ similar_to_escape('y%'::text)),
    bf boolean DEFAULT ((('x'::text >= 'a'::text) AND ('x'::text <= 'z'::text)) OR (('x'::text >= 'z'::text) AND ('x'::text <= 'a'::text)))
);
