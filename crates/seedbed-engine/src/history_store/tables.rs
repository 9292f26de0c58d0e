//! The schema of the history tables, and which of them exist.

use seedbed_build::ScriptKind;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::{LOG, table};
use crate::session::Session;
use seedbed_sql::{quote_ident as ident, quote_literal as literal};

/// The schema of the history tables, and which of them exist.
///
/// Another runner may create the tables at any moment, so a run reads this value again once it holds the lock.
#[derive(Debug, Clone)]
pub(crate) struct HistoryTables {
    schema: String,
    has_migrations: bool,
    has_seeds: bool,
    has_log: bool,
    /// Whether the log has the column `details`, which a log that an earlier version created lacks.
    has_details: bool,
}

/// The reason why the history tables could not be read.
#[derive(Debug)]
pub(crate) enum HistoryTablesError {
    /// No schema on the search path exists and is accessible to the role.
    NoSchema {
        search_path: String,
    },
    Query(sqlx::Error),
}

impl From<sqlx::Error> for HistoryTablesError {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(error)
    }
}

/// The query for a search path of at most one schema.
const SINGLE_SCHEMA_SQL: &str = "\
    SELECT current_schema()::text AS schema, \
    cardinality(current_schemas(false)) > 1 AS several, \
    current_setting('search_path') AS search_path, \
    to_regclass('seaql_migrations') IS NOT NULL AS migrations, \
    to_regclass('seaql_seeds') IS NOT NULL AS seeds, \
    to_regclass('seedbed_log') IS NOT NULL AS log, \
    EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('seedbed_log') \
    AND attname = 'details') AS details";

/// The query for a search path of several schemas, which returns a row for each of them.
const PER_SCHEMA_SQL: &str = "\
    SELECT name::text AS schema, \
    to_regclass(quote_ident(name) || '.seaql_migrations') IS NOT NULL AS migrations, \
    to_regclass(quote_ident(name) || '.seaql_seeds') IS NOT NULL AS seeds, \
    to_regclass(quote_ident(name) || '.seedbed_log') IS NOT NULL AS log, \
    EXISTS (SELECT FROM pg_catalog.pg_attribute \
    WHERE attrelid = to_regclass(quote_ident(name) || '.seedbed_log') AND attname = 'details') AS details \
    FROM unnest(current_schemas(false)) name";

impl HistoryTables {
    /// Reads the schema of the history tables and which of these tables exist. Takes no lock and creates nothing.
    pub(crate) async fn read(session: &Session) -> Result<Self, HistoryTablesError> {
        let row = session.row(SINGLE_SCHEMA_SQL).await?;
        match row.try_get("several")? {
            true => Self::from_search_path(
                &session.rows(PER_SCHEMA_SQL).await?,
                row.try_get("search_path")?,
            ),
            false => match Self::from_row(&row)? {
                Some(tables) => Ok(tables),
                None => {
                    Err(HistoryTablesError::NoSchema { search_path: row.try_get("search_path")? })
                }
            },
        }
    }

    /// Chooses the first schema with a history, or else the schema in which new tables are created. A script may have
    /// created a schema with the name of the role. Such a schema comes first on the default search path
    /// `"$user", public`.
    fn from_search_path(rows: &[PgRow], search_path: String) -> Result<Self, HistoryTablesError> {
        let mut path = Vec::with_capacity(rows.len());
        for row in rows {
            path.extend(Self::from_row(row)?);
        }
        let with_history = path.iter().position(|tables| tables.has_migrations || tables.has_seeds);
        let tables = path.into_iter().nth(with_history.unwrap_or(0));
        tables.ok_or(HistoryTablesError::NoSchema { search_path })
    }

    fn from_row(row: &PgRow) -> Result<Option<Self>, sqlx::Error> {
        let schema: Option<String> = row.try_get("schema")?;
        let (has_migrations, has_seeds) = (row.try_get("migrations")?, row.try_get("seeds")?);
        let (has_log, has_details) = (row.try_get("log")?, row.try_get("details")?);
        Ok(schema.map(|schema| Self { schema, has_migrations, has_seeds, has_log, has_details }))
    }

    /// Returns the schema of the tables, whether they exist or not.
    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    /// Returns whether the history table for `kind` exists.
    pub(crate) fn has_history(&self, kind: ScriptKind) -> bool {
        match kind {
            ScriptKind::Migration => self.has_migrations,
            ScriptKind::Seed => self.has_seeds,
        }
    }

    /// Returns whether the log exists.
    pub(crate) fn has_log(&self) -> bool {
        self.has_log
    }

    /// Returns whether the log exists and has the column `details`.
    pub(crate) fn has_details(&self) -> bool {
        self.has_details
    }

    /// Returns the history table for `kind`, quoted and with its schema.
    pub(crate) fn history(&self, kind: ScriptKind) -> String {
        self.qualified(table(kind))
    }

    /// Returns the log table, quoted and with its schema.
    pub(crate) fn log(&self) -> String {
        self.qualified(LOG)
    }

    /// Returns the names of the tables that exist.
    pub(crate) fn existing(&self) -> Vec<String> {
        let tables = [
            (self.has_migrations, table(ScriptKind::Migration)),
            (self.has_seeds, table(ScriptKind::Seed)),
            (self.has_log, LOG),
        ];
        tables
            .into_iter()
            .filter(|(exists, _)| *exists)
            .map(|(_, table)| table.to_owned())
            .collect()
    }

    /// Returns the statements that create the missing tables and columns, or `None` if nothing is missing. Execute them
    /// only while the runner lock is held: of two concurrent `CREATE TABLE IF NOT EXISTS`, one may fail.
    pub(crate) fn create_sql(&self, kind: ScriptKind) -> Option<String> {
        let mut statements = Vec::new();
        if !self.has_history(kind) {
            // The table is the one that SeaORM's own `install` creates.
            statements.push(format!(
                "CREATE TABLE {} (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
                self.history(kind)
            ));
        }
        if !self.has_log {
            statements.push(format!(
                "CREATE TABLE {} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                 kind text NOT NULL, name text NOT NULL, direction text NOT NULL, result text NOT NULL, \
                 checksum text NOT NULL, started_at timestamptz NOT NULL, duration_ms bigint NOT NULL, \
                 role text NOT NULL, application text NOT NULL, client text, seedbed text NOT NULL, \
                 details jsonb)",
                self.log()
            ));
        } else if !self.has_details {
            statements.push(format!("ALTER TABLE {} ADD COLUMN details jsonb", self.log()));
        }
        (!statements.is_empty()).then(|| statements.join("; "))
    }

    /// Returns the query for a trigger or a rule that may suppress a row of these tables, as JSON: its kind, its name and its
    /// table.
    pub(crate) fn suppressor_sql(&self) -> String {
        let tables =
            [self.history(ScriptKind::Migration), self.history(ScriptKind::Seed), self.log()];
        let tables = tables.map(|table| format!("to_regclass({})", literal(&table))).join(", ");
        // The bits of `tgtype` say that the trigger runs before each row.
        format!(
            "SELECT (SELECT jsonb_build_object('kind', kind, 'name', quote_ident(name), \
               'table', relation::regclass::text)::text FROM ( \
               SELECT 'trigger' AS kind, tgname AS name, tgrelid AS relation FROM pg_catalog.pg_trigger \
                 WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 3 = 3 \
               UNION ALL SELECT 'rule', rulename, ev_class FROM pg_catalog.pg_rewrite \
                 WHERE is_instead AND ev_enabled <> 'D') found \
             WHERE relation IN ({tables}) LIMIT 1) AS value"
        )
    }

    fn qualified(&self, name: &str) -> String {
        format!("{}.{}", ident(&self.schema), ident(name))
    }
}
