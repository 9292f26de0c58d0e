-- These tables have every type of PostgreSQL that a column may have, including types of a schema and of extensions.
CREATE SCHEMA extra;
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree WITH SCHEMA extra;
CREATE TYPE mood AS ENUM ('glad', 'so so');
CREATE TYPE "Size" AS ENUM ('s', 'XL');
CREATE TYPE extra.mood AS ENUM ('loud', 'quiet');
CREATE TYPE pair AS (one integer, other text);
CREATE TYPE nothing AS ENUM ();
CREATE DOMAIN price AS numeric(10,2) CHECK (VALUE >= 0);
CREATE DOMAIN net_price AS price;
CREATE DOMAIN heavy AS numeric(4,1) DEFAULT 1.5 NOT NULL;
CREATE DOMAIN email AS citext COLLATE "C" CHECK (VALUE LIKE '%@%');
CREATE DOMAIN temper AS mood;
CREATE DOMAIN tempers AS mood[];
CREATE DOMAIN slug AS character varying(20);
CREATE TABLE kinds (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    a_smallint smallint,
    a_integer integer,
    a_bigint bigint,
    a_numeric numeric,
    a_price numeric(10,2),
    a_rounded numeric(5,0),
    a_real real,
    a_double double precision,
    a_money money,
    a_varchar character varying,
    a_short_varchar character varying(20),
    a_char character(3),
    a_text text,
    a_name name,
    a_citext citext,
    a_bytea bytea,
    a_timestamptz timestamptz,
    a_rough_timestamptz timestamptz(0),
    a_timestamp timestamp,
    a_rough_timestamp timestamp(3),
    a_date date,
    a_time time,
    a_rough_time time(0),
    a_timetz timetz,
    a_interval interval,
    a_year_interval interval year to month,
    a_boolean boolean,
    a_point point,
    a_line line,
    a_lseg lseg,
    a_box box,
    a_path path,
    a_polygon polygon,
    a_circle circle,
    a_cidr cidr,
    a_inet inet,
    a_macaddr macaddr,
    a_macaddr8 macaddr8,
    a_bit bit(3),
    a_varbit bit varying(8),
    a_tsvector tsvector,
    a_tsquery tsquery,
    a_uuid uuid,
    a_xml xml,
    a_json json,
    a_jsonb jsonb,
    a_jsonpath jsonpath,
    a_int4range int4range,
    a_numrange numrange,
    a_tstzrange tstzrange,
    a_daterange daterange,
    a_multirange int4multirange,
    a_pg_lsn pg_lsn,
    a_oid oid,
    a_regclass regclass,
    a_letter "char",
    a_hstore hstore,
    a_ltree extra.ltree,
    a_pair pair,
    a_nothing nothing,
    a_mood mood,
    a_size "Size",
    a_extra_mood extra.mood,
    a_domain price,
    a_domain_of_a_domain net_price,
    a_domain_of_citext email,
    a_domain_of_an_enum temper,
    a_domain_of_an_array tempers,
    a_domain_with_a_length slug
);
CREATE TABLE lists (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    some_smallint smallint[],
    some_integer integer[],
    some_bigint bigint[],
    some_numeric numeric[],
    some_price numeric(10,2)[],
    some_real real[],
    some_double double precision[],
    some_money money[],
    some_varchar character varying(20)[],
    some_char character(3)[],
    some_text text[],
    some_citext citext[],
    some_bytea bytea[],
    some_timestamptz timestamptz[],
    some_rough_timestamp timestamp(3)[],
    some_date date[],
    some_time time[],
    some_timetz timetz[],
    some_interval interval[],
    some_boolean boolean[],
    some_point point[],
    some_inet inet[],
    some_cidr cidr[],
    some_macaddr macaddr[],
    some_bit bit(3)[],
    some_uuid uuid[],
    some_json json[],
    some_jsonb jsonb[],
    some_range int4range[],
    some_pair pair[],
    some_mood mood[],
    some_size "Size"[],
    some_extra_mood extra.mood[],
    some_domain price[],
    some_domain_of_citext email[],
    some_domain_of_an_enum temper[]
);
CREATE TABLE lookups (
    address citext PRIMARY KEY,
    network inet NOT NULL UNIQUE,
    weight heavy NOT NULL
);
CREATE TABLE spans (
    price numeric(10,2),
    valid daterange,
    mood extra.mood NOT NULL,
    PRIMARY KEY (price, valid)
);
