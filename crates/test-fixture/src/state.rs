//! The state of a database, as two runs are compared by it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use sea_orm::ConnectionTrait;
use seedbed_testdb::TestDatabase;
use tokio::sync::{Mutex, OnceCell};

use crate::{Fixture, text, texts};

/// Everything on which an undisturbed run and a disturbed one must agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The versions in the history of migrations.
    pub migrations: Vec<String>,
    /// The versions in the history of seeds.
    pub seeds: Vec<String>,
    /// The entries of the log that are done.
    pub done: Vec<String>,
    /// Columns, indexes and enum values.
    pub structure: Vec<String>,
    /// The rows of the project's tables.
    pub rows: Vec<String>,
}

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

/// Of every table that is the project's own and has a name in it; not the ids, as a sequence goes on
/// after a rollback.
const TABLES: &str = "\
    SELECT format('%I.%I', table_schema, table_name) FROM information_schema.columns \
    WHERE column_name = 'name' AND table_name <> 'seedbed_log' \
    AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";

impl State {
    /// Reads the state.
    pub async fn of(connection: &impl ConnectionTrait) -> Self {
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

    /// Returns what an undisturbed run of these commands makes of an empty database. One run serves all tests.
    pub async fn undisturbed<const N: usize>(project: &str, commands: [&str; N]) -> Self {
        let run = format!("{project} {}", commands.join(" "));
        let state = Arc::clone(UNDISTURBED.lock().await.entry(run).or_default());
        let find_out = async || {
            let database = TestDatabase::empty().await;
            for command in commands {
                Fixture::new(project, database.url()).run([command]).await.succeeded();
            }
            Self::of(database.connection()).await
        };
        state.get_or_init(find_out).await.clone()
    }
}

/// By the project and the commands.
static UNDISTURBED: LazyLock<Mutex<HashMap<String, Arc<OnceCell<State>>>>> =
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
