//! A schema leaves out the internal options that the server keeps in the catalog, and names the options it does not know.
//!
//! The rows of the catalog are written by hand, so that every server has what only the newest ones store.

use seedbed_catalog::{Catalog, Options};

use crate::support::{Scratch, names, round_trip};

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

/// Gives every column and every relation an option, with another number each.
fn keep(option: &str) -> String {
    format!(
        "UPDATE pg_attribute SET attoptions = ARRAY(SELECT o FROM unnest(attoptions) o WHERE o !~ '^{option}=') \
         || ('{option}=' || attrelid || attnum) FROM pg_class c WHERE c.oid = attrelid AND attrelid >= 16384 \
         AND attnum > 0 AND relkind IN ('r', 'p', 'v', 'm', 'c');
         UPDATE pg_class SET reloptions = reloptions || ('{option}=' || oid) \
         WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm')"
    )
}

#[tokio::test]
async fn what_the_server_keeps_in_options_is_no_part_of_a_schema() {
    let (mut scratch, mut other) = (Scratch::with(SCHEMA).await, Scratch::new().await);
    let before = scratch.read().await;
    scratch.run(&keep("pg_attver")).await;
    let after = scratch.read().await;

    assert_eq!(names(&before, &after), [""; 0]);
    assert_eq!(before.to_sql(), after.to_sql());
    assert!(!after.to_sql().contains("pg_attver"), "{}", after.to_sql());
    assert!(after.to_sql().contains("SET (n_distinct=5, n_distinct_inherited='-0.5')"));
    assert_eq!(after.not_seen().len(), 0);
    round_trip(&after, &mut other).await;
}

#[tokio::test]
async fn an_unknown_option_of_a_column_is_named_and_everything_else_is_read() {
    let mut scratch = Scratch::with(SCHEMA).await;
    let before = scratch.read().await;
    scratch
        .run(
            "UPDATE pg_attribute SET attoptions = attoptions || '{something_new=1}'::text[] \
             WHERE attname IN ('name', 'version') AND attrelid IN ('t'::regclass, 'seaql_migrations'::regclass);
             ALTER TABLE t ADD extra int",
        )
        .await;
    let after = scratch.read().await;

    let not_seen: Vec<&String> = after.not_seen().iter().collect();
    assert_eq!(not_seen, ["option something_new of column public.t.name"]);
    let changes =
        ["column extra of table public.t", "option something_new of column public.t.name"];
    assert_eq!(names(&before, &after), changes);
    assert!(!after.to_sql().contains("something_new"));

    // Named too where nothing is left out.
    let everything = Catalog::read(&mut scratch.connection, &Options::everything()).await;
    let everything = everything.expect("it can be read");
    assert_eq!(everything.not_seen().len(), 2);
}

#[tokio::test]
async fn an_object_of_an_unknown_kind_is_named_and_everything_else_is_read() {
    let mut scratch = Scratch::with(SCHEMA).await;
    scratch
        .run(
            "CREATE TABLE graph (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE DOMAIN d AS int; ALTER TABLE t ADD CONSTRAINT short CHECK (id > 0);
             UPDATE pg_class SET relkind = '?' WHERE relname = 'graph';
             UPDATE pg_proc SET prokind = '?' WHERE proname = 'f';
             UPDATE pg_type SET typtype = '?' WHERE typname = 'd';
             UPDATE pg_constraint SET contype = '?' WHERE conname = 'short'",
        )
        .await;
    let catalog = scratch.read().await;

    let not_seen: Vec<&String> = catalog.not_seen().iter().collect();
    let expected = [
        "constraint short on table public.t (pg_constraint.contype ?)",
        "function public.f() (pg_proc.prokind ?)",
        "relation public.graph (pg_class.relkind ?)",
        "type public.d (pg_type.typtype ?)",
    ];
    assert_eq!(not_seen, expected);
    assert!(catalog.to_sql().contains("CREATE TABLE public.t "), "{}", catalog.to_sql());
    assert!(
        catalog.to_sql().contains("CREATE MATERIALIZED VIEW public.m "),
        "{}",
        catalog.to_sql()
    );
}
