-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE SCHEMA aft;

CREATE SCHEMA s;

CREATE TYPE s.after_e AS ENUM ();

CREATE TYPE s.e AS ENUM (
    'a'
);

CREATE DOMAIN s.d AS integer;

CREATE SEQUENCE s.i_id_seq AS integer;

CREATE SEQUENCE s.q;

CREATE OR REPLACE FUNCTION s.after()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION s.f()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE TABLE s.after (
    a integer
);

CREATE TABLE s.i (
    id integer DEFAULT nextval('s.i_id_seq'::regclass) NOT NULL,
    g integer GENERATED ALWAYS AS IDENTITY NOT NULL
);

CREATE TABLE s.owned (
    a integer
);

CREATE TABLE s.t (
    a integer,
    "B" text
);

ALTER SEQUENCE s.i_id_seq OWNED BY s.i.id;

CREATE VIEW s.v AS
 SELECT a,
    "B"
   FROM s.t;

CREATE MATERIALIZED VIEW s.m AS
 SELECT a,
    "B"
   FROM s.t
  WITH NO DATA;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pg_monitor;

GRANT ALL ON SCHEMA s TO pg_read_all_data WITH GRANT OPTION;

REVOKE ALL ON TYPE s.e FROM PUBLIC;

REVOKE ALL ON TYPE s.d FROM PUBLIC;
GRANT ALL ON TYPE s.d TO pg_monitor;

GRANT SELECT ON SEQUENCE s.i_g_seq TO pg_monitor;

GRANT USAGE ON SEQUENCE s.i_id_seq TO pg_monitor;

GRANT ALL ON SEQUENCE s.q TO pg_monitor;

REVOKE ALL ON FUNCTION s.f() FROM PUBLIC;
GRANT ALL ON FUNCTION s.f() TO pg_monitor WITH GRANT OPTION;

GRANT SELECT ON TABLE s.owned TO PUBLIC;

GRANT TRUNCATE ON TABLE s.t TO PUBLIC;
GRANT ALL ON TABLE s.t TO pg_read_all_data;

GRANT INSERT ("B"), REFERENCES ("B") ON TABLE s.t TO pg_monitor WITH GRANT OPTION;

GRANT INSERT (a), SELECT (a) ON TABLE s.t TO pg_monitor WITH GRANT OPTION;

GRANT SELECT (a) ON TABLE s.v TO pg_monitor;

GRANT SELECT ON TABLE s.m TO pg_monitor;
