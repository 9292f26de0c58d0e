-- Extensions in several schemas, and objects that use them.
CREATE SCHEMA "Ext s";
CREATE SCHEMA other;
CREATE EXTENSION citext WITH SCHEMA "Ext s";
CREATE EXTENSION hstore SCHEMA other;
CREATE EXTENSION pg_trgm SCHEMA other;
CREATE EXTENSION btree_gist;
CREATE EXTENSION "uuid-ossp";
CREATE EXTENSION pgcrypto;
CREATE EXTENSION ltree;
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), e "Ext s".citext NOT NULL UNIQUE CHECK (e OPERATOR("Ext s".~) '@'), h other.hstore DEFAULT ''::other.hstore, k other.hstore DEFAULT other.hstore('a', 'b'), l ltree);
CREATE INDEX ON t USING gin (h);
CREATE INDEX ON t USING gin ((e::text) other.gin_trgm_ops);
CREATE INDEX ON t USING gist (l);
CREATE VIEW v AS SELECT h OPERATOR(other.->) 'a' AS x, e FROM t WHERE e OPERATOR("Ext s".=) 'X'::"Ext s".citext;
CREATE TABLE booking (room int, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE DOMAIN email AS "Ext s".citext CHECK (VALUE OPERATOR("Ext s".~) '^.+@');
CREATE FUNCTION f("Ext s".citext) RETURNS other.hstore LANGUAGE sql AS 'SELECT NULL::other.hstore';
COMMENT ON EXTENSION citext IS 'mine';
