//! What is decided on real histories, told by the process that decides it.

mod current;
mod enums;
mod not_null;
mod refusals;
mod rights;
mod seeds;
mod status;
mod targets;
mod verbs;
mod verbs_of_rows;

use seedbed_testdb::TestDatabase;

use crate::support::{Finished, Fixture, texts};

/// The names in the history of migrations, in their order.
async fn applied(db: &TestDatabase) -> Vec<String> {
    texts(db.connection(), "SELECT version FROM seaql_migrations ORDER BY version").await
}

/// Every relation, function and type outside of the system's schemas.
async fn catalogue(db: &TestDatabase) -> Vec<String> {
    let system = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    texts(
        db.connection(),
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

/// A database to which that project is applied.
async fn migrated(project: &str) -> TestDatabase {
    let db = TestDatabase::empty().await;
    Fixture::new(project, db.url()).run(["migrate-up"]).await.succeeded();
    db
}

/// What it printed, without the durations.
fn steps(finished: &Finished) -> Vec<String> {
    let is_step =
        |line: &&str| ["applied ", "reverted", "would "].iter().any(|w| line.starts_with(w));
    finished
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
