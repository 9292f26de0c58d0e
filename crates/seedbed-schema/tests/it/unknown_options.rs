//! Tests that internal options of the server are omitted, and that unknown options and kinds are named.
//!
//! The tests write to the system catalog, so that every server has the options that only the newest servers store.

use seedbed_schema::{DatabaseSchema, ReadOptions};

use crate::support::{TestConnection, changed_names, round_trip};

const SCHEMA: &str = "
    CREATE TABLE t (id int PRIMARY KEY, name text, point tsvector);
    ALTER TABLE t ALTER name SET (n_distinct = 5, n_distinct_inherited = -0.5);
    CREATE INDEX t_point ON t USING gist (point tsvector_ops (siglen = 100));
    CREATE TABLE f (k int REFERENCES t) WITH (fillfactor = 70);
    CREATE TYPE c AS (x int); CREATE TABLE of_c OF c;
    CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
    ALTER MATERIALIZED VIEW m ALTER id SET (n_distinct = 7);
    CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;
    CREATE TABLE seaql_migrations (version varchar);
";

/// Returns the statements that set an option on every column and every relation, with a different value for each.
fn set_everywhere(option: &str) -> String {
    format!(
        "UPDATE pg_attribute SET attoptions = ARRAY(SELECT o FROM unnest(attoptions) o WHERE o !~ '^{option}=') \
         || ('{option}=' || attrelid || attnum) FROM pg_class c WHERE c.oid = attrelid AND attrelid >= 16384 \
         AND attnum > 0 AND relkind IN ('r', 'p', 'v', 'm', 'c');
         UPDATE pg_class SET reloptions = reloptions || ('{option}=' || oid) \
         WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm')"
    )
}

#[tokio::test]
async fn internal_options_are_not_part_of_a_schema() {
    let (mut database, mut other) =
        (TestConnection::with(SCHEMA).await, TestConnection::new().await);
    let before = database.read().await;
    database.run(&set_everywhere("pg_attver")).await;
    let after = database.read().await;

    assert_eq!(changed_names(&before, &after), [""; 0]);
    assert_eq!(before.to_sql(), after.to_sql());
    assert!(!after.to_sql().contains("pg_attver"), "{}", after.to_sql());
    assert!(after.to_sql().contains("SET (n_distinct=5, n_distinct_inherited='-0.5')"));
    assert_eq!(after.unsupported.len(), 0);
    round_trip(&after, &mut other).await;
}

#[tokio::test]
async fn an_unknown_column_option_is_reported_by_name() {
    let mut database = TestConnection::with(SCHEMA).await;
    let before = database.read().await;
    database
        .run(
            "UPDATE pg_attribute SET attoptions = attoptions || '{something_new=1}'::text[] \
             WHERE attname IN ('name', 'version') AND attrelid IN ('t'::regclass, 'seaql_migrations'::regclass);
             ALTER TABLE t ADD extra int",
        )
        .await;
    let after = database.read().await;

    let unsupported: Vec<String> = after.unsupported_names().into_iter().collect();
    assert_eq!(unsupported, ["option something_new of column public.t.name"]);
    let changes =
        ["column extra of table public.t", "option something_new of column public.t.name"];
    assert_eq!(changed_names(&before, &after), changes);
    assert!(!after.to_sql().contains("something_new"));

    // If no table is excluded, the option of `seaql_migrations.version` is reported too.
    let everything =
        DatabaseSchema::read(&mut database.connection, &ReadOptions::include_all()).await;
    let everything = everything.expect("the schema can be read");
    assert_eq!(everything.unsupported.len(), 2);
}

#[tokio::test]
async fn an_object_of_an_unknown_kind_is_reported_by_name() {
    let mut database = TestConnection::with(SCHEMA).await;
    database
        .run(
            "CREATE TABLE graph (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE DOMAIN d AS int; ALTER TABLE t ADD CONSTRAINT short CHECK (id > 0);
             UPDATE pg_class SET relkind = '?' WHERE relname = 'graph';
             UPDATE pg_proc SET prokind = '?' WHERE proname = 'f';
             UPDATE pg_type SET typtype = '?' WHERE typname = 'd';
             UPDATE pg_constraint SET contype = '?' WHERE conname = 'short'",
        )
        .await;
    let schema = database.read().await;

    let unsupported: Vec<String> = schema.unsupported_names().into_iter().collect();
    let expected = [
        "constraint short on table public.t (pg_constraint.contype ?)",
        "function public.f() (pg_proc.prokind ?)",
        "relation public.graph (pg_class.relkind ?)",
        "type public.d (pg_type.typtype ?)",
    ];
    assert_eq!(unsupported, expected);
    assert!(schema.to_sql().contains("CREATE TABLE public.t "), "{}", schema.to_sql());
    assert!(schema.to_sql().contains("CREATE MATERIALIZED VIEW public.m "), "{}", schema.to_sql());
}
