//! Tests schemas, extensions, types, domains and sequences, and comments and privileges on all of them.

use super::{ObjectKindCase, case, check_each, since};
use crate::support::{TestConnection, changed_names, round_trip};

const TYPES: &[ObjectKindCase] = &[
    case("schema", "CREATE SCHEMA s", "CREATE SCHEMA u", &["schema u"]),
    case(
        "no schema public",
        "DROP SCHEMA public; CREATE SCHEMA s; CREATE TABLE s.t (id int)",
        "CREATE SCHEMA public",
        &["schema public"],
    ),
    case(
        "collation",
        "CREATE COLLATION c (provider = icu, locale = 'und-u-ks-level2', deterministic = false); \
         CREATE COLLATION \"D d\" (lc_collate = 'C', lc_ctype = 'POSIX'); CREATE DOMAIN d AS text \
         COLLATE c; COMMENT ON COLLATION c IS 'x'",
        "DROP COLLATION \"D d\"; CREATE COLLATION \"D d\" FROM \"C\"",
        &["collation public.\"D d\""],
    ),
    case(
        "text search dictionary",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = english); \
         COMMENT ON TEXT SEARCH DICTIONARY d IS 'x'",
        "ALTER TEXT SEARCH DICTIONARY d (accept = false)",
        &["text search dictionary public.d"],
    ),
    case(
        "text search configuration",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); \
         CREATE TEXT SEARCH CONFIGURATION f (COPY = english); \
         COMMENT ON TEXT SEARCH CONFIGURATION f IS 'x'; CREATE TABLE a (body text, \
         words tsvector GENERATED ALWAYS AS (to_tsvector('f', body)) STORED); \
         CREATE INDEX ON a USING gin (to_tsvector('f', body))",
        "ALTER TEXT SEARCH CONFIGURATION f ALTER MAPPING FOR word WITH d, english_stem",
        &["text search configuration public.f"],
    ),
    case(
        "new text search configuration",
        "CREATE SCHEMA s",
        "CREATE TEXT SEARCH DICTIONARY s.d (TEMPLATE = simple); \
         CREATE TEXT SEARCH CONFIGURATION s.f (PARSER = default); \
         ALTER TEXT SEARCH CONFIGURATION s.f ADD MAPPING FOR word WITH s.d",
        &["text search dictionary s.d", "text search configuration s.f"],
    ),
    case(
        "extension",
        "CREATE EXTENSION cube",
        "CREATE SCHEMA x; ALTER EXTENSION cube SET SCHEMA x",
        &["extension cube", "schema x"],
    ),
    case(
        "objects of an extension are not part of the schema",
        "CREATE EXTENSION cube; CREATE TABLE t (c cube DEFAULT cube(1))",
        "ALTER TABLE t ALTER c SET DEFAULT cube(2)",
        &["column c of table public.t"],
    ),
    case(
        "labels",
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
        "ALTER TYPE mood ADD VALUE 'glad' BEFORE 'sad'",
        &["type public.mood"],
    ),
    case(
        "order of labels",
        "CREATE TYPE mood AS ENUM ('a', 'b')",
        "DROP TYPE mood; CREATE TYPE mood AS ENUM ('b', 'a')",
        &["type public.mood"],
    ),
    case(
        "composite",
        r#"CREATE TYPE inner_one AS (a int);
           CREATE TYPE an_outer AS (x inner_one[], y text COLLATE "C");
           CREATE TABLE t (c an_outer)"#,
        "DROP TABLE t; ALTER TYPE an_outer ADD ATTRIBUTE z int; CREATE TABLE t (c an_outer)",
        &["type public.an_outer"],
    ),
    case(
        "range",
        "CREATE FUNCTION d(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - \
         $2'; CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = d); CREATE TABLE t (c \
         span, m span_multirange)",
        "DROP TABLE t; DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8); CREATE \
         TABLE t (c span, m span_multirange)",
        &["type public.span"],
    ),
    case(
        "domain",
        "CREATE DOMAIN email AS text NOT NULL DEFAULT 'x@y' CHECK (VALUE ~ '@'); CREATE TABLE t \
         (e email)",
        "ALTER DOMAIN email DROP NOT NULL",
        &["domain public.email"],
    ),
    case(
        "constraint of a domain",
        "CREATE FUNCTION good(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE \
         DOMAIN a AS text CONSTRAINT k CHECK (good(VALUE))",
        "ALTER DOMAIN a RENAME CONSTRAINT k TO l",
        &["constraint k of domain public.a", "constraint l of domain public.a"],
    ),
    case(
        "domain over domain",
        "CREATE DOMAIN z AS int; CREATE DOMAIN a AS z CHECK (VALUE > 0)",
        "ALTER DOMAIN a SET DEFAULT 5",
        &["domain public.a"],
    ),
    case(
        "sequence",
        "CREATE SEQUENCE s AS smallint INCREMENT BY -1 MINVALUE -5 MAXVALUE 5 START 3 CACHE 2 \
         CYCLE",
        "ALTER SEQUENCE s NO CYCLE",
        &["sequence public.s"],
    ),
    case("value of a sequence is data", "CREATE SEQUENCE s", "SELECT nextval('s')", &[]),
];

#[tokio::test]
async fn a_change_of_a_type_or_sequence_is_found() {
    check_each(TYPES).await;
}

/// These cases have databases of their own, because emptying a database does not remove default privileges.
const DEFAULT_PRIVILEGES: &[ObjectKindCase] = &[
    case(
        "default privileges",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES IN \
         SCHEMA public GRANT USAGE ON SEQUENCES TO pg_monitor; ALTER DEFAULT PRIVILEGES REVOKE \
         EXECUTE ON FUNCTIONS FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO pg_monitor",
        &["default privileges on tables in schema public"],
    ),
    since(
        18,
        "default privileges of large objects",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO pg_monitor",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON LARGE OBJECTS TO pg_monitor",
        &["default privileges on large objects"],
    ),
];

#[tokio::test]
async fn a_change_of_default_privileges_is_found() {
    check_each(DEFAULT_PRIVILEGES).await;
}

/// One object of each kind that can have a comment or privileges.
const ALL: &str = "
    CREATE SCHEMA s;
    CREATE TYPE s.e AS ENUM ('a');
    CREATE TYPE s.c AS (a int);
    CREATE DOMAIN s.d AS int CONSTRAINT k CHECK (VALUE > 0);
    CREATE SEQUENCE s.q;
    CREATE FUNCTION s.f(int, text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION s.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE PROCEDURE s.p(int) LANGUAGE sql AS 'SELECT 1';
    CREATE AGGREGATE s.a(int) (SFUNC = int4pl, STYPE = int);
    CREATE TABLE s.t (id int PRIMARY KEY, x int CHECK (x > 0));
    CREATE INDEX i ON s.t (x);
    CREATE STATISTICS s.st ON id, x FROM s.t;
    CREATE VIEW s.v AS SELECT id FROM s.t;
    CREATE MATERIALIZED VIEW s.m AS SELECT id FROM s.t;
    CREATE TRIGGER g BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.g();
    CREATE RULE r AS ON DELETE TO s.t DO NOTHING;
    CREATE POLICY p ON s.t;
";

/// The text between `COMMENT ON` and `IS`, and the name of the object.
const COMMENTED: [(&str, &str); 20] = [
    ("SCHEMA s", "schema s"),
    ("TYPE s.e", "type s.e"),
    ("COLUMN s.c.a", "column a of type s.c"),
    ("DOMAIN s.d", "domain s.d"),
    ("CONSTRAINT k ON DOMAIN s.d", "constraint k of domain s.d"),
    ("SEQUENCE s.q", "sequence s.q"),
    ("FUNCTION s.f(int, text[])", "function s.f(integer, text[])"),
    ("PROCEDURE s.p(int)", "procedure s.p(integer)"),
    ("AGGREGATE s.a(int)", "aggregate s.a(integer)"),
    ("TABLE s.t", "table s.t"),
    ("COLUMN s.t.x", "column x of table s.t"),
    ("CONSTRAINT t_x_check ON s.t", "constraint t_x_check of table s.t"),
    ("INDEX s.i", "index s.i of table s.t"),
    ("STATISTICS s.st", "statistics s.st"),
    ("VIEW s.v", "view s.v"),
    ("COLUMN s.v.id", "column id of view s.v"),
    ("MATERIALIZED VIEW s.m", "materialized view s.m"),
    ("TRIGGER g ON s.t", "trigger g of table s.t"),
    ("RULE r ON s.t", "rule r of table s.t"),
    ("POLICY p ON s.t", "policy p of table s.t"),
];

#[tokio::test]
async fn a_changed_comment_is_found_on_every_kind_of_object() {
    let mut database = TestConnection::with(ALL).await;
    let mut before = database.read().await;
    for (on, name) in COMMENTED {
        database.run(&format!("COMMENT ON {on} IS E'it''s\\n\\\\ here'")).await;
        let after = database.read().await;
        assert_eq!(changed_names(&before, &after), [format!("comment on {name}")]);
        before = after;
    }
    round_trip(&before, &mut TestConnection::new().await).await;
}

/// A statement that changes privileges, and the name of the object.
const GRANTED: [(&str, &str); 13] = [
    ("GRANT SELECT, INSERT ON s.t TO pg_monitor", "table s.t"),
    ("GRANT ALL ON s.t TO pg_monitor WITH GRANT OPTION", "table s.t"),
    ("GRANT SELECT (x), UPDATE (x) ON s.t TO PUBLIC", "column x of table s.t"),
    ("GRANT SELECT ON s.v TO pg_monitor", "view s.v"),
    ("GRANT USAGE ON SEQUENCE s.q TO pg_monitor", "sequence s.q"),
    ("GRANT USAGE ON SCHEMA s TO pg_monitor", "schema s"),
    ("GRANT USAGE ON SCHEMA public TO pg_monitor", "schema public"),
    ("REVOKE ALL ON FUNCTION s.f FROM PUBLIC", "function s.f(integer, text[])"),
    ("GRANT EXECUTE ON FUNCTION s.f TO pg_monitor", "function s.f(integer, text[])"),
    ("REVOKE ALL ON PROCEDURE s.p FROM PUBLIC", "procedure s.p(integer)"),
    ("REVOKE ALL ON FUNCTION s.a FROM PUBLIC", "aggregate s.a(integer)"),
    ("REVOKE ALL ON TYPE s.e FROM PUBLIC", "type s.e"),
    ("GRANT USAGE ON DOMAIN s.d TO pg_monitor", "domain s.d"),
];

#[tokio::test]
async fn privileges_are_found_on_every_kind_of_object() {
    let mut database = TestConnection::with(ALL).await;
    let mut before = database.read().await;
    for (grant, name) in GRANTED {
        database.run(grant).await;
        let after = database.read().await;
        assert_eq!(changed_names(&before, &after), [format!("privileges on {name}")], "{grant}");
        before = after;
    }
    round_trip(&before, &mut TestConnection::new().await).await;
}

#[tokio::test]
async fn privileges_of_the_owner_are_not_compared() {
    let change = "GRANT ALL ON s.t TO CURRENT_USER; GRANT EXECUTE ON FUNCTION s.f TO PUBLIC";
    check_each(&[case("the owner", ALL, change, &[])]).await;
}
