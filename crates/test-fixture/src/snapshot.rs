//! Reads the state of a database, so that a test can compare two runs.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use sea_orm::ConnectionTrait;
use seedbed_testdb::TestDatabase;
use tokio::sync::{Mutex, OnceCell};

use crate::{Fixture, text, texts};

/// The state of a database after a run. A disturbed run must lead to the same state as an undisturbed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseSnapshot {
    /// The versions in the history of migrations.
    pub migrations: Vec<String>,
    /// The versions in the history of seeds.
    pub seeds: Vec<String>,
    /// The log entries with the result `done`.
    pub done: Vec<String>,
    /// The columns, indexes and enum values.
    pub structure: Vec<String>,
    /// The rows of the project's tables.
    pub rows: Vec<String>,
}

/// The query for the columns, indexes and enum values, as one line each.
const STRUCTURE: &str = "\
    SELECT line FROM ( \
      SELECT format('%s.%s %s %s %s', n.nspname, c.relname, a.attname, \
        format_type(a.atttypid, a.atttypmod), a.attnotnull) AS line \
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
      JOIN pg_namespace n ON n.oid = c.relnamespace \
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND a.attnum > 0 AND NOT a.attisdropped \
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
      UNION ALL \
      SELECT format('%s valid: %s', pg_get_indexdef(i.indexrelid), i.indisvalid) FROM pg_index i \
      JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
      WHERE n.nspname !~ '^pg_' \
      UNION ALL \
      SELECT format('%s %s', t.typname, e.enumlabel) FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid \
    ) lines ORDER BY line";

/// The query for the project's own tables with a column `name`, whose values are the rows of the snapshot. Ids are not
/// compared, since a rollback does not reset a sequence.
const TABLES: &str = "\
    SELECT format('%I.%I', table_schema, table_name) FROM information_schema.columns \
    WHERE column_name = 'name' AND table_name <> 'seedbed_log' \
    AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";

impl DatabaseSnapshot {
    /// Reads the state of a database.
    pub async fn read(connection: &impl ConnectionTrait) -> Self {
        let mut rows = Vec::new();
        for table in texts(connection, TABLES).await {
            let sql = format!("SELECT '{table} ' || name FROM {table} ORDER BY name");
            rows.extend(texts(connection, &sql).await);
        }
        let log = "SELECT concat_ws(' ', kind, name, direction) FROM seedbed_log \
                   WHERE result = 'done' ORDER BY id";
        Self {
            migrations: history(connection, "seaql_migrations").await,
            seeds: history(connection, "seaql_seeds").await,
            done: if exists(connection, "seedbed_log").await {
                texts(connection, log).await
            } else {
                Vec::new()
            },
            structure: texts(connection, STRUCTURE).await,
            rows,
        }
    }

    /// Returns the state that an undisturbed run of the given commands leaves in a database that was empty. Runs the
    /// commands only once for all tests of a process.
    pub async fn undisturbed<const N: usize>(project: &str, commands: [&str; N]) -> Self {
        let key = format!("{project} {}", commands.join(" "));
        let state = Arc::clone(UNDISTURBED.lock().await.entry(key).or_default());
        let run_commands = async || {
            let database = TestDatabase::empty().await;
            for command in commands {
                Fixture::new(project, database.url()).run([command]).await.succeeded();
            }
            Self::read(database.connection()).await
        };
        state.get_or_init(run_commands).await.clone()
    }
}

/// The states of undisturbed runs, by project and commands.
static UNDISTURBED: LazyLock<Mutex<HashMap<String, Arc<OnceCell<DatabaseSnapshot>>>>> =
    LazyLock::new(Mutex::default);

async fn exists(connection: &impl ConnectionTrait, table: &str) -> bool {
    let sql = format!("SELECT (to_regclass('{table}') IS NOT NULL)::text");
    text(connection, &sql).await == "true"
}

async fn history(connection: &impl ConnectionTrait, table: &str) -> Vec<String> {
    if !exists(connection, table).await {
        return Vec::new();
    }
    texts(connection, &format!("SELECT version FROM {table} ORDER BY version")).await
}
