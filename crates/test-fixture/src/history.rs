//! Reads the effects of a project's scripts on a database.

use sea_orm::ConnectionTrait;
use seedbed_testdb::TestDatabase;

use crate::{Fixture, ProcessOutput, texts};

/// Returns the names of the applied migrations, sorted.
pub async fn applied_migrations(connection: &impl ConnectionTrait) -> Vec<String> {
    texts(connection, "SELECT version FROM seaql_migrations ORDER BY version").await
}

/// Returns a line for each relation, function, type and schema, without the objects in the system's schemas. The line of a
/// relation changes if the relation is recreated, because it has the number of its file.
pub async fn catalog(connection: &impl ConnectionTrait) -> Vec<String> {
    let system = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    texts(
        connection,
        &format!(
            "SELECT format('%s %s %s', c.relkind, c.oid::regclass, c.relfilenode) FROM pg_class c \
             WHERE c.relnamespace::regnamespace::text {system} \
             UNION ALL SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p \
             WHERE p.pronamespace::regnamespace::text {system} \
             UNION ALL SELECT format('type %s', t.oid::regtype) FROM pg_type t \
             WHERE t.typnamespace::regnamespace::text {system} \
             UNION ALL SELECT format('schema %s', n.nspname) FROM pg_namespace n ORDER BY 1"
        ),
    )
    .await
}

/// Returns a database to which all migrations of the named project are applied.
pub async fn migrated_database(project: &str) -> TestDatabase {
    let db = TestDatabase::empty().await;
    Fixture::new(project, db.url()).run(["migrate-up"]).await.succeeded();
    db
}

/// Returns the lines about scripts, such as `applied m20250101_000001_rows`, that the command has printed, without their
/// durations. The summary in the last line may be among them.
#[must_use]
pub fn printed_steps(output: &ProcessOutput) -> Vec<String> {
    let is_step =
        |line: &&str| ["applied ", "reverted", "would "].iter().any(|verb| line.starts_with(verb));
    output
        .stdout
        .lines()
        .filter(is_step)
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let count = if words[0] == "would" { 3 } else { 2 };
            words[..count.min(words.len())].join(" ")
        })
        .collect()
}
