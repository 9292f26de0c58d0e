//! The objects besides tables in a random schema, and a change of each of them.

/// An object that belongs to a table, or that is created next to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extra {
    /// The statements that create the object. In all three texts, `@` stands for the name of the table and `#` for its
    /// number.
    pub(super) create: &'static str,
    pub(super) change: &'static str,
    /// A part of the name of each object that differs after the change.
    pub(super) found: &'static str,
    /// Whether the object depends on all columns of the table.
    pub(super) needs_columns: bool,
}

const fn extra(create: &'static str, change: &'static str, found: &'static str) -> Extra {
    Extra { create, change, found, needs_columns: false }
}

/// Returns an extra that depends on all columns of the table.
const fn whole_row(create: &'static str, change: &'static str, found: &'static str) -> Extra {
    Extra { needs_columns: true, ..extra(create, change, found) }
}

pub(super) const EXTRAS: [Extra; 36] = [
    whole_row(
        "CREATE VIEW v# AS SELECT * FROM @ WHERE id IS NOT NULL",
        "DROP VIEW v#",
        "view public.v#",
    ),
    extra(
        "CREATE VIEW w# WITH (security_barrier) AS SELECT id, count(*) AS n FROM @ GROUP BY id",
        "ALTER VIEW w# ALTER n SET DEFAULT 5",
        "view public.w#",
    ),
    extra(
        "CREATE MATERIALIZED VIEW m# AS SELECT id, count(*) AS n FROM @ GROUP BY id; \
         CREATE UNIQUE INDEX ON m# (id)",
        "ALTER MATERIALIZED VIEW m# ALTER n SET STATISTICS 7",
        "materialized view public.m#",
    ),
    whole_row(
        "CREATE TRIGGER t AFTER UPDATE ON @ FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) \
         EXECUTE FUNCTION fired('it''s')",
        "ALTER TABLE @ DISABLE TRIGGER t",
        "trigger t",
    ),
    extra(
        "CREATE POLICY p ON @ FOR SELECT TO pg_monitor USING (id IS NOT NULL)",
        "DROP POLICY p ON @",
        "policy p",
    ),
    extra(
        "ALTER TABLE @ ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE @ FORCE ROW LEVEL SECURITY",
        "row security",
    ),
    extra("CREATE RULE r AS ON DELETE TO @ DO INSTEAD NOTHING", "DROP RULE r ON @", "rule r"),
    extra(
        "GRANT SELECT, UPDATE ON @ TO pg_monitor",
        "REVOKE UPDATE ON @ FROM pg_monitor",
        "privileges",
    ),
    extra(
        "GRANT SELECT (id) ON @ TO PUBLIC",
        "GRANT SELECT (id) ON @ TO pg_monitor WITH GRANT OPTION",
        "privileges on column id",
    ),
    extra("COMMENT ON TABLE @ IS E'two\\nlines'", "COMMENT ON TABLE @ IS NULL", "comment"),
    extra(
        "CREATE TABLE p# (a int NOT NULL, b text) PARTITION BY RANGE (a); \
         CREATE TABLE p#_1 PARTITION OF p# FOR VALUES FROM (1) TO (MAXVALUE); \
         CREATE INDEX ON p# (b); CREATE TRIGGER t AFTER INSERT ON p# FOR EACH ROW EXECUTE FUNCTION fired()",
        "ALTER TABLE p#_1 DISABLE TRIGGER t",
        "trigger t of table public.p#_1",
    ),
    extra(
        "CREATE TABLE h# (a int, b text) PARTITION BY LIST (a); CREATE TABLE h#_1 (b text, a int); \
         ALTER TABLE h# ATTACH PARTITION h#_1 FOR VALUES IN (1, NULL); ALTER TABLE h# ADD UNIQUE (a, b)",
        "ALTER TABLE h# DETACH PARTITION h#_1; ALTER TABLE h# ATTACH PARTITION h#_1 DEFAULT",
        "of table public.h#_1",
    ),
    extra(
        "CREATE TABLE i# (a int CHECK (a > 0)); CREATE TABLE i#_1 (b int DEFAULT 5) INHERITS (i#)",
        "ALTER TABLE i#_1 NO INHERIT i#",
        "parent public.i# of table public.i#_1",
    ),
    whole_row(
        "CREATE FUNCTION f#(@) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; \
         ALTER TABLE @ ADD CHECK (f#(@))",
        "ALTER FUNCTION f#(@) STRICT",
        "function public.f#(",
    ),
    extra(
        "CREATE FUNCTION b#(a mood DEFAULT 'ok', VARIADIC x text[] DEFAULT '{}') RETURNS bigint \
         LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM @; END",
        "GRANT EXECUTE ON FUNCTION b# TO pg_monitor",
        "function public.b#(",
    ),
    extra(
        "CREATE FUNCTION d#() RETURNS text LANGUAGE plpgsql SET search_path = public, pg_temp \
         AS $q$ BEGIN RETURN $$it's $function$ here$$; END $q$",
        "CREATE OR REPLACE FUNCTION d#() RETURNS text LANGUAGE sql AS $q$ SELECT $$\\$$ $q$",
        "function public.d#()",
    ),
    extra(
        "CREATE PROCEDURE c#(INOUT a int) LANGUAGE plpgsql AS 'BEGIN END'",
        "COMMENT ON PROCEDURE c# IS 'x'",
        "procedure public.c#(integer)",
    ),
    extra(
        "CREATE AGGREGATE a#(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
        "DROP AGGREGATE a#(int)",
        "aggregate public.a#(integer)",
    ),
    extra(
        "CREATE SEQUENCE q# INCREMENT -2 CACHE 5; ALTER TABLE @ ADD q bigint DEFAULT nextval('q#'); \
         ALTER SEQUENCE q# OWNED BY @.q",
        "ALTER SEQUENCE q# CYCLE",
        "sequence public.q#",
    ),
    extra(
        "CREATE TYPE c_# AS (a mood, b email[]); ALTER TABLE @ ADD c c_#",
        "COMMENT ON COLUMN c_#.a IS 'x'",
        "type public.c_#",
    ),
    extra(
        "CREATE TYPE r# AS RANGE (subtype = float8, subtype_diff = float8mi); ALTER TABLE @ ADD r r#, \
         ADD EXCLUDE USING gist (r WITH &&) DEFERRABLE",
        "REVOKE ALL ON TYPE r# FROM PUBLIC",
        "type public.r#",
    ),
    extra(
        "CREATE DOMAIN d_# AS mood DEFAULT 'sad' CONSTRAINT k CHECK (VALUE <> 'ok'); ALTER TABLE @ ADD d d_#",
        "ALTER DOMAIN d_# DROP CONSTRAINT k",
        "constraint k of domain public.d_#",
    ),
    extra(
        "CREATE COLLATION c# (lc_collate = 'C', lc_ctype = 'POSIX'); ALTER TABLE @ ADD l text COLLATE c#",
        "COMMENT ON COLLATION c# IS 'x'",
        "collation public.c#",
    ),
    extra(
        "ALTER TABLE @ ADD g int GENERATED ALWAYS AS (length(id::text)) STORED, ADD s int",
        "ALTER TABLE @ ALTER g DROP EXPRESSION",
        "column g of table",
    ),
    extra(
        "ALTER TABLE @ ADD u int CONSTRAINT u# UNIQUE DEFERRABLE INITIALLY DEFERRED",
        "ALTER INDEX u# SET (fillfactor = 50)",
        "constraint u# of table",
    ),
    extra(
        "CREATE TABLE o# (id int PRIMARY KEY, o int REFERENCES o# ON DELETE CASCADE); \
         ALTER TABLE o# ADD FOREIGN KEY (id) REFERENCES o# DEFERRABLE NOT VALID",
        "ALTER TABLE o# VALIDATE CONSTRAINT o#_id_fkey",
        "constraint o#_id_fkey",
    ),
    extra(
        "ALTER TABLE @ SET (fillfactor = 70)",
        "ALTER TABLE @ RESET (fillfactor)",
        "table public.",
    ),
    extra(
        "ALTER TABLE @ ADD st text; ALTER TABLE @ ALTER st SET STORAGE external, ALTER st SET STATISTICS 9",
        "ALTER TABLE @ ALTER st SET COMPRESSION pglz",
        "column st of table",
    ),
    extra(
        "CREATE UNLOGGED TABLE u_# (a int NOT NULL, b int)",
        "ALTER TABLE u_# SET LOGGED",
        "table public.u_#",
    ),
    extra(
        "ALTER TABLE @ REPLICA IDENTITY FULL",
        "ALTER TABLE @ REPLICA IDENTITY NOTHING",
        "replica identity",
    ),
    extra(
        "CREATE TABLE k# (a int PRIMARY KEY, b int); CREATE INDEX k#_b ON k# (b); \
         ALTER TABLE k# CLUSTER ON k#_pkey",
        "ALTER TABLE k# CLUSTER ON k#_b",
        "cluster order of table public.k#",
    ),
    extra(
        "CREATE STATISTICS s# ON id, (id IS NULL) FROM @",
        "ALTER STATISTICS s# SET STATISTICS 9",
        "statistics public.s#",
    ),
    extra(
        "CREATE SCHEMA \"S #\"; CREATE TABLE \"S #\".\"T\" (id int, m mood DEFAULT 'ok'); \
         CREATE VIEW \"S #\".v AS SELECT t.id FROM \"S #\".\"T\" t",
        "GRANT USAGE ON SCHEMA \"S #\" TO PUBLIC",
        "schema \"S #\"",
    ),
    extra(
        "CREATE FUNCTION e#() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; \
         CREATE EVENT TRIGGER e# ON sql_drop EXECUTE FUNCTION e#()",
        "ALTER EVENT TRIGGER e# DISABLE",
        "event trigger e#",
    ),
    extra(
        "CREATE TYPE y# AS (a int, b text); CREATE TABLE y_# OF y# (PRIMARY KEY (a))",
        "ALTER TABLE y_# NOT OF",
        "row type of table public.y_#",
    ),
    extra(
        "CREATE EXTENSION IF NOT EXISTS cube; ALTER TABLE @ ADD cu cube DEFAULT cube(1)",
        "ALTER TABLE @ ALTER cu SET DEFAULT cube(2)",
        "column cu of table",
    ),
];

impl Extra {
    /// Returns the text with the name and the number of the table.
    pub(super) fn in_table(&self, text: &str, number: usize, table: &str) -> String {
        text.replace('@', table).replace('#', &number.to_string())
    }
}
