-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA arch;

CREATE OR REPLACE FUNCTION public.g()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

CREATE TABLE arch.p24 (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    region text DEFAULT 'x'::text NOT NULL,
    n integer DEFAULT 5,
    g integer GENERATED ALWAYS AS ((n + 1)) STORED,
    r integer
) PARTITION BY LIST (region);
ALTER TABLE ONLY arch.p24 ALTER COLUMN n SET STATISTICS 50;

CREATE TABLE arch.p24_eu (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    region text DEFAULT 'x'::text NOT NULL,
    n integer DEFAULT 5,
    g integer GENERATED ALWAYS AS ((n + 1)) STORED,
    r integer
) WITH (fillfactor=50);
ALTER TABLE ONLY arch.p24_eu ALTER COLUMN n SET STATISTICS 50;

CREATE TABLE arch.p24_rest (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    region text DEFAULT 'x'::text NOT NULL,
    n integer DEFAULT 5,
    g integer GENERATED ALWAYS AS ((n + 1)) STORED,
    r integer
);
ALTER TABLE ONLY arch.p24_rest ALTER COLUMN n SET STATISTICS 50;

CREATE TABLE public.ch (
    a integer,
    b integer DEFAULT 2,
    c text,
    d integer
);

CREATE TABLE public.ch2 (
    a integer,
    b integer DEFAULT 1,
    c text NOT NULL
);

CREATE TABLE public.gr (
    a integer,
    b integer DEFAULT 3,
    c text NOT NULL,
    d integer
);

CREATE TABLE public.h (
    a integer,
    b text
) PARTITION BY HASH (a, lower(b));

CREATE TABLE public.h0 (
    a integer,
    b text
);

CREATE TABLE public.h1 (
    a integer,
    b text NOT NULL
);

CREATE TABLE public.idp (
    id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    x integer
) PARTITION BY LIST (x);

CREATE TABLE public.idp1 (
    id integer NOT NULL,
    x integer
);

CREATE TABLE public.l (
    a text COLLATE pg_catalog."C",
    b integer
) PARTITION BY LIST (a text_pattern_ops);

CREATE TABLE public.l1 (
    a text COLLATE pg_catalog."C",
    b integer
);

CREATE TABLE public.p (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    region text DEFAULT 'x'::text NOT NULL,
    n integer,
    g integer GENERATED ALWAYS AS ((n + 1)) STORED,
    r integer
) PARTITION BY RANGE (at);
ALTER TABLE ONLY public.p ALTER COLUMN n SET STATISTICS 50;

CREATE TABLE public.p25 (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    region text DEFAULT 'x'::text NOT NULL,
    n integer,
    g integer GENERATED ALWAYS AS ((n + 1)) STORED,
    r integer
);
ALTER TABLE ONLY public.p25 ALTER COLUMN n SET STATISTICS 50;

CREATE TABLE public.par (
    a integer,
    b integer DEFAULT 1,
    c text
);

CREATE TABLE public.refd (
    id integer NOT NULL
);

CREATE TABLE public.refs (
    id bigint,
    at timestamp with time zone,
    region text
);

ALTER TABLE arch.p24 ADD CONSTRAINT own CHECK ((n < 100));

ALTER TABLE arch.p24 ADD CONSTRAINT p_n_check CHECK ((n > 0));

ALTER TABLE arch.p24_eu ADD CONSTRAINT own CHECK ((n < 100));

ALTER TABLE arch.p24_eu ADD CONSTRAINT p_n_check CHECK ((n > 0));

ALTER TABLE arch.p24_rest ADD CONSTRAINT own CHECK ((n < 100));

ALTER TABLE arch.p24_rest ADD CONSTRAINT p_n_check CHECK ((n > 0));

ALTER TABLE public.ch ADD CONSTRAINT pc CHECK ((a > 0));

ALTER TABLE public.ch2 ADD CONSTRAINT pc CHECK ((a > 0));

ALTER TABLE public.gr ADD CONSTRAINT pc CHECK ((a > 0));

ALTER TABLE public.p ADD CONSTRAINT p_n_check CHECK ((n > 0));

ALTER TABLE public.p25 ADD CONSTRAINT p_n_check CHECK ((n > 0));

ALTER TABLE public.par ADD CONSTRAINT pc CHECK ((a > 0));

ALTER TABLE public.par ADD CONSTRAINT pn2 CHECK ((b > 0)) NO INHERIT;

ALTER TABLE ONLY public.p ATTACH PARTITION arch.p24 FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');

ALTER TABLE ONLY arch.p24 ATTACH PARTITION arch.p24_eu FOR VALUES IN ('eu', 'de''s');

ALTER TABLE ONLY arch.p24 ATTACH PARTITION arch.p24_rest DEFAULT;

ALTER TABLE ONLY public.ch INHERIT public.par;

ALTER TABLE ONLY public.ch2 INHERIT public.par;

ALTER TABLE ONLY public.gr INHERIT public.ch;

ALTER TABLE ONLY public.gr INHERIT public.ch2;

ALTER TABLE ONLY public.h ATTACH PARTITION public.h0 FOR VALUES WITH (modulus 2, remainder 0);

ALTER TABLE ONLY public.h ATTACH PARTITION public.h1 FOR VALUES WITH (modulus 2, remainder 1);

ALTER TABLE ONLY public.idp ATTACH PARTITION public.idp1 FOR VALUES IN (1);

ALTER TABLE ONLY public.l ATTACH PARTITION public.l1 FOR VALUES IN ('a', NULL);

ALTER TABLE ONLY public.p ATTACH PARTITION public.p25 FOR VALUES FROM ('2025-01-01 00:00:00+00') TO (MAXVALUE);

ALTER TABLE ONLY public.p ADD CONSTRAINT p_pkey PRIMARY KEY (id, at, region);

ALTER TABLE ONLY arch.p24 ADD CONSTRAINT p24_pkey PRIMARY KEY (id, at, region);

ALTER TABLE ONLY arch.p24_eu ADD CONSTRAINT p24_eu_pkey PRIMARY KEY (id, at, region);

ALTER TABLE ONLY arch.p24_rest ADD CONSTRAINT p24_rest_pkey PRIMARY KEY (id, at, region);

ALTER TABLE ONLY public.p25 ADD CONSTRAINT p25_pkey PRIMARY KEY (id, at, region);

ALTER TABLE ONLY public.refd ADD CONSTRAINT refd_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX p_n_at_region_id_idx ON ONLY public.p USING btree (n, at, region, id);

CREATE UNIQUE INDEX p24_n_at_region_id_idx ON ONLY arch.p24 USING btree (n, at, region, id);

CREATE INDEX pn ON ONLY public.p USING btree (n);

CREATE INDEX p24_n_idx ON ONLY arch.p24 USING btree (n);

CREATE UNIQUE INDEX p24_eu_n_at_region_id_idx ON arch.p24_eu USING btree (n, at, region, id);

CREATE INDEX p24_eu_n_idx ON arch.p24_eu USING btree (n);

CREATE UNIQUE INDEX p24_rest_n_at_region_id_idx ON arch.p24_rest USING btree (n, at, region, id);

CREATE INDEX p24_rest_n_idx ON arch.p24_rest USING btree (n);

CREATE INDEX own_idx ON ONLY public.p USING btree (region);

CREATE UNIQUE INDEX p25_n_at_region_id_idx ON public.p25 USING btree (n, at, region, id);

CREATE INDEX p25_n_idx ON public.p25 USING btree (n);

ALTER INDEX public.p_n_at_region_id_idx ATTACH PARTITION arch.p24_n_at_region_id_idx;

ALTER INDEX public.pn ATTACH PARTITION arch.p24_n_idx;

ALTER INDEX public.p_pkey ATTACH PARTITION arch.p24_pkey;

ALTER INDEX arch.p24_n_at_region_id_idx ATTACH PARTITION arch.p24_eu_n_at_region_id_idx;

ALTER INDEX arch.p24_n_idx ATTACH PARTITION arch.p24_eu_n_idx;

ALTER INDEX arch.p24_pkey ATTACH PARTITION arch.p24_eu_pkey;

ALTER INDEX arch.p24_n_at_region_id_idx ATTACH PARTITION arch.p24_rest_n_at_region_id_idx;

ALTER INDEX arch.p24_n_idx ATTACH PARTITION arch.p24_rest_n_idx;

ALTER INDEX arch.p24_pkey ATTACH PARTITION arch.p24_rest_pkey;

ALTER INDEX public.p_n_at_region_id_idx ATTACH PARTITION public.p25_n_at_region_id_idx;

ALTER INDEX public.pn ATTACH PARTITION public.p25_n_idx;

ALTER INDEX public.p_pkey ATTACH PARTITION public.p25_pkey;

ALTER TABLE public.p ADD CONSTRAINT p_r_fkey FOREIGN KEY (r) REFERENCES public.refd(id);

ALTER TABLE public.p25 ADD CONSTRAINT p25_n_fkey FOREIGN KEY (n) REFERENCES public.refd(id);

ALTER TABLE public.refs ADD CONSTRAINT refs_id_at_region_fkey FOREIGN KEY (id, at, region) REFERENCES public.p(id, at, region);

CREATE VIEW public.pv AS
 SELECT id,
    at,
    region,
    n,
    g,
    r
   FROM public.p;

CREATE STATISTICS public.st ON region, n FROM public.p;

CREATE TRIGGER tr AFTER INSERT ON public.p FOR EACH ROW EXECUTE FUNCTION public.g();

CREATE TRIGGER tr2 BEFORE INSERT ON public.p25 FOR EACH ROW EXECUTE FUNCTION public.g();

ALTER TABLE public.p ENABLE ROW LEVEL SECURITY;

CREATE POLICY pol ON public.p USING ((n > 1));

COMMENT ON INDEX public.pn IS 'idx';

COMMENT ON TABLE public.p25 IS 'x';

GRANT SELECT ON TABLE public.p TO PUBLIC;
