//! Runs `CONCURRENTLY` statements, which work in several transactions. Finishes or removes the effects that a killed
//! statement left before the statement runs again.
//!
//! Before such a statement first runs, the log stores which objects exist (see [`LoggedStatement`]). After a kill, the
//! script starts again from its top, and the log distinguishes the objects that its earlier run left from the objects
//! that existed before:
//!
//! ```text
//! log the objects ──►  run the statement ──► done
//!                          │ killed
//!                          ▼
//!              finish or remove its effects ──► run the statement again
//! ```

mod detach;
mod sea_orm;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use seedbed_sql::{SqlName, quote_literal};
use sqlx::Row as _;

use crate::concurrent_statement::{ConcurrentStatement, CreateIndex, LoggedStatement};
use crate::error::StatementError;
use crate::event::Event;
use crate::plan::Step;
use crate::retry::{AttemptError, retry_on_lock};
use crate::script_log::ScriptLog;
use crate::session::Session;
use crate::session_monitor::SessionMonitor;

/// The work that remains for a concurrent statement.
enum RemainingWork {
    All,
    None,
}

/// Runs the concurrent statements of one script.
pub(crate) struct ConcurrentRunner<'s> {
    log: ScriptLog<'s>,
    monitor: &'s SessionMonitor<'s>,
    step: &'s Step,
    /// The statements that this run has started; no earlier run left their effects.
    started: Mutex<HashSet<LoggedStatement>>,
}

impl<'s> ConcurrentRunner<'s> {
    pub(crate) fn new(log: ScriptLog<'s>, monitor: &'s SessionMonitor<'s>, step: &'s Step) -> Self {
        Self { log, monitor, step, started: Mutex::default() }
    }

    fn session(&self) -> &'s Session {
        self.log.session
    }

    /// Runs the statement with `send`, without a lock timeout if it blocks no other session. Retries only where the
    /// effects of the last attempt are known. Returns `None` if an earlier run of the script has finished the
    /// statement.
    ///
    /// # Errors
    /// Returns the error of the server, or a [`StatementError`] for an invalid index.
    pub(crate) async fn run<T, F>(
        &self,
        statement: &ConcurrentStatement,
        send: impl Fn() -> F,
    ) -> Result<Option<T>, sqlx::Error>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        if let ConcurrentStatement::Detach { table, partition } = statement {
            return self.detach(table, partition, send).await;
        }
        if matches!(self.prepare(statement).await?, RemainingWork::None) {
            return Ok(None);
        }
        let sent = self.without_lock_timeout(send()).await?;
        if let ConcurrentStatement::CreateIndex(create) = statement {
            self.ensure_valid(create).await?;
        }
        Ok(Some(sent))
    }

    async fn without_lock_timeout<T>(
        &self,
        send: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        self.session().execute("SET lock_timeout = 0").await?;
        let sent = send.await;
        let timeout = self.session().options.lock_timeout.as_millis();
        let restored = self.session().execute(format!("SET lock_timeout = {timeout}")).await;
        // If there are two errors, the first one caused the second one.
        let sent = sent?;
        restored.map(|_| sent)
    }

    /// Finishes or removes the effects of the statement that an earlier run of the script left, and logs which objects
    /// exist.
    async fn prepare(&self, statement: &ConcurrentStatement) -> Result<RemainingWork, sqlx::Error> {
        if let ConcurrentStatement::Reindex(target) = statement {
            if self.step.resumes_interrupted {
                self.drop_reindex_copies(target.as_ref()).await?;
            }
            return Ok(RemainingWork::All);
        }
        let Some(logged_statement) = self.state_before(statement).await? else {
            return Ok(RemainingWork::All);
        };
        // The first entry describes the state before the script.
        let earlier = self.logged_by_earlier_runs(&logged_statement).await?.into_iter().next();
        let Some(earlier) = earlier else {
            self.log_statement(&logged_statement).await?;
            return Ok(RemainingWork::All);
        };
        match statement {
            ConcurrentStatement::CreateIndex(create)
                if !earlier.existed() && logged_statement.existed() =>
            {
                self.keep_or_drop(create).await
            }
            // The index is gone: the earlier run dropped it, or a user did.
            ConcurrentStatement::DropIndex(_)
                if earlier.existed() && !logged_statement.existed() =>
            {
                Ok(RemainingWork::None)
            }
            _ => Ok(RemainingWork::All),
        }
    }

    /// Returns the entries that interrupted earlier runs of the script logged about the same statement, oldest first.
    ///
    /// Marks the statement as started by this run. If this run has started it before, returns no entries, because the
    /// object is the one that this run left.
    async fn logged_by_earlier_runs(
        &self,
        logged_statement: &LoggedStatement,
    ) -> Result<Vec<LoggedStatement>, sqlx::Error> {
        let is_new = {
            let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
            let is_new = !started.iter().any(|started| started.has_same_object(logged_statement));
            started.insert(logged_statement.clone());
            is_new
        };
        if !self.step.resumes_interrupted || !is_new {
            return Ok(Vec::new());
        }
        let read = || async {
            self.log.logged_statements(self.step).await.map_err(AttemptError::from_error)
        };
        let mut logged = retry_on_lock(self.monitor, read).await?;
        logged.retain(|logged| logged.has_same_object(logged_statement));
        Ok(logged)
    }

    /// Logs the state before a statement first runs. Retries while another session has locked the log.
    async fn log_statement(&self, logged_statement: &LoggedStatement) -> Result<(), sqlx::Error> {
        let log = || async {
            let logged = self.log.log_statement(self.step, logged_statement).await;
            logged.map_err(AttemptError::from_error)
        };
        retry_on_lock(self.monitor, log).await
    }

    /// Returns the entry that the log stores before the statement runs. Returns `None` for REINDEX, whose copies are
    /// recognized by their names, and for DETACH, whose entry [`detach`](Self::detach) writes.
    async fn state_before(
        &self,
        statement: &ConcurrentStatement,
    ) -> Result<Option<LoggedStatement>, sqlx::Error> {
        Ok(match statement {
            ConcurrentStatement::CreateIndex(CreateIndex { index: Some(name), table, .. }) => {
                let sql = format!(
                    "SELECT format('%I.%I', n.nspname, {name}) AS resolved, EXISTS (SELECT FROM pg_catalog.pg_class i \
                     WHERE i.relname = {name} AND i.relnamespace = n.oid) AS existed \
                     FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
                     WHERE t.oid = to_regclass({table})",
                    name = quote_literal(name),
                    table = quote_literal(&table.to_string())
                );
                let rows = self.session().rows(sql).await?;
                let found = rows.first();
                let index =
                    SqlName { schema: table.schema.clone(), name: name.clone() }.to_string();
                let resolved = found.map(|row| row.try_get("resolved")).transpose()?;
                let existed = found.map_or(Ok(false), |row| row.try_get("existed"))?;
                Some(LoggedStatement::CreateIndex { index, resolved, existed })
            }
            ConcurrentStatement::CreateIndex(CreateIndex { table, .. }) => {
                match self.resolve(table).await? {
                    Some(table) => {
                        let invalid_indexes = self.invalid_indexes_on(&table).await?;
                        Some(LoggedStatement::CreateUnnamedIndex { table, invalid_indexes })
                    }
                    None => None,
                }
            }
            ConcurrentStatement::DropIndex(index) => {
                let resolved = self.resolve(index).await?;
                let existed = resolved.is_some();
                Some(LoggedStatement::DropIndex { index: index.to_string(), resolved, existed })
            }
            ConcurrentStatement::Reindex(_) | ConcurrentStatement::Detach { .. } => None,
        })
    }

    /// Returns the name of a relation with its schema, quoted where SQL requires it; `None` if it does not exist.
    async fn resolve(&self, name: &SqlName) -> Result<Option<String>, sqlx::Error> {
        let sql = format!(
            "SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass({})",
            quote_literal(&name.to_string())
        );
        self.session().rows(sql).await?.first().map(|row| row.try_get("name")).transpose()
    }

    async fn invalid_indexes_on(&self, table: &str) -> Result<Vec<String>, sqlx::Error> {
        let table = quote_literal(table);
        let sql = format!("{INVALID_INDEXES} AND i.indrelid = to_regclass({table})");
        self.session().rows(sql).await?.iter().map(|row| row.try_get("name")).collect()
    }

    /// Removes the invalid indexes that an interrupted run of the script left, and finishes what an interrupted SeaORM file
    /// left. The file may have changed since, so this does not depend on the statements that it has now.
    ///
    /// # Errors
    /// Fails if the server refuses to drop an index, or to finish a detach.
    pub(crate) async fn clean_up_interrupted_run(&self) -> Result<(), sqlx::Error> {
        let read = || async {
            self.log.logged_statements(self.step).await.map_err(AttemptError::from_error)
        };
        for logged in &retry_on_lock(self.monitor, read).await? {
            let left = match logged {
                LoggedStatement::CreateIndex { index, resolved, existed: false } => {
                    let index = quote_literal(resolved.as_ref().unwrap_or(index));
                    let sql = format!("{INVALID_INDEXES} AND i.indexrelid = to_regclass({index})");
                    let rows = self.session().rows(sql).await?;
                    rows.iter()
                        .map(|row| row.try_get("name"))
                        .collect::<Result<Vec<String>, _>>()?
                }
                LoggedStatement::CreateUnnamedIndex { table, invalid_indexes } => {
                    let mut left = self.invalid_indexes_on(table).await?;
                    left.retain(|index| !invalid_indexes.contains(index));
                    left
                }
                _ => continue,
            };
            for index in left {
                self.drop_index(&index).await?;
            }
        }
        self.clean_up_sea_orm().await
    }

    /// Keeps an index that an earlier run of the script finished, and drops one that is unfinished or has another definition
    /// now.
    async fn keep_or_drop(&self, create: &CreateIndex) -> Result<RemainingWork, sqlx::Error> {
        let Some(found) = self.find_index(create).await? else {
            return Ok(RemainingWork::All);
        };
        if found.is_valid && self.has_same_definition(create, &found).await {
            self.monitor.report(&Event::FoundFinishedIndex { index: &found.name });
            return Ok(RemainingWork::None);
        }
        self.drop_index(&found.name).await?;
        Ok(RemainingWork::All)
    }

    async fn drop_index(&self, index: &str) -> Result<(), sqlx::Error> {
        let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {index}");
        self.without_lock_timeout(self.session().execute(sql)).await?;
        self.monitor.report(&Event::DroppedInvalidIndex { index });
        Ok(())
    }

    /// Finds the index that the statement names, on the table that it names.
    async fn find_index(&self, create: &CreateIndex) -> Result<Option<FoundIndex>, sqlx::Error> {
        let Some(index) = &create.index else {
            return Ok(None);
        };
        let sql = format!(
            "SELECT format('%I.%I', n.nspname, c.relname) AS name, i.indisvalid AS is_valid, \
             i.indexrelid::bigint AS oid \
             FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relname = {} AND i.indrelid = to_regclass({})",
            quote_literal(index),
            quote_literal(&create.table.to_string())
        );
        let rows = self.session().rows(sql).await?;
        let found = |row: &sqlx::postgres::PgRow| {
            Ok(FoundIndex {
                name: row.try_get("name")?,
                is_valid: row.try_get("is_valid")?,
                oid: row.try_get("oid")?,
            })
        };
        rows.first().map(found).transpose()
    }

    /// Returns whether the index has the requested definition. Compares it with an index that the server creates from the
    /// definition on an empty copy of the table; returns false if such a copy cannot be created.
    async fn has_same_definition(&self, create: &CreateIndex, found: &FoundIndex) -> bool {
        let copy = "pg_temp.seedbed_definition";
        let unique = if create.is_unique { "UNIQUE " } else { "" };
        let compared = async {
            let create = format!(
                "CREATE TEMP TABLE seedbed_definition (LIKE {}); \
                 CREATE {unique}INDEX seedbed_definition_idx ON {copy} {}",
                create.table, create.definition
            );
            self.session().execute(create).await?;
            let sql = format!(
                "SELECT count(DISTINCT ({INDEX_DEFINITION})) = 1 FROM pg_catalog.pg_index i \
                 JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                 WHERE i.indexrelid IN ({}, 'pg_temp.seedbed_definition_idx'::regclass)",
                found.oid
            );
            self.query_bool(&sql).await
        };
        let same = compared.await.unwrap_or(false);
        let _ = self.session().execute(format!("DROP TABLE IF EXISTS {copy}")).await;
        same
    }

    /// Fails if `IF NOT EXISTS` skipped an index because an invalid one exists.
    async fn ensure_valid(&self, create: &CreateIndex) -> Result<(), sqlx::Error> {
        match self.find_index(create).await? {
            Some(found) if !found.is_valid && create.if_not_exists => {
                Err(StatementError::InvalidIndex { index: found.name }.into())
            }
            _ => Ok(()),
        }
    }

    /// Drops the copies that a killed REINDEX left of the index, or of the indexes of the table and of its TOAST table. The
    /// target may be partitioned, and then it stands for all its partitions. Drops the copies on all tables if `target` is
    /// `None`, after a REINDEX of a schema or a database:
    /// <https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY>.
    async fn drop_reindex_copies(&self, target: Option<&SqlName>) -> Result<(), sqlx::Error> {
        let of = target.map_or_else(String::new, |target| {
            let target = format!("to_regclass({})", quote_literal(&target.to_string()));
            format!(
                " AND i.indrelid IN (WITH target AS (SELECT {target}::oid AS oid \
                 UNION SELECT relid FROM pg_catalog.pg_partition_tree({target})) \
                 SELECT oid FROM target UNION ALL SELECT reltoastrelid \
                 FROM pg_catalog.pg_class WHERE oid IN (SELECT oid FROM target) UNION ALL SELECT indrelid \
                 FROM pg_catalog.pg_index WHERE indexrelid IN (SELECT oid FROM target))"
            )
        });
        let sql = format!(
            "{INVALID_INDEXES} AND c.relname ~ '_cc(new|old)[0-9]*$' \
             AND (n.nspname !~ '^pg_' OR n.nspname = 'pg_toast'){of}"
        );
        for row in self.session().rows(sql).await? {
            self.drop_index(row.try_get("name")?).await?;
        }
        Ok(())
    }

    /// Runs a query whose one row has one boolean column, and returns its value.
    async fn query_bool(&self, sql: &str) -> Result<bool, sqlx::Error> {
        self.session().row(sql).await?.try_get(0)
    }
}

struct FoundIndex {
    name: String,
    is_valid: bool,
    oid: i64,
}

/// Selects the invalid indexes that no other session is building. A session that builds an index holds a SHARE UPDATE
/// EXCLUSIVE lock on the table. An autovacuum worker holds this lock too, but it builds no index, so its lock does not count.
/// Leaves out the indexes of TOAST tables if the role may not use their schema and so cannot drop them. By default, only a
/// superuser may use that schema.
const INVALID_INDEXES: &str = "\
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_index i \
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE NOT i.indisvalid AND c.relkind = 'i' \
    AND (n.nspname <> 'pg_toast' OR has_schema_privilege(n.oid, 'USAGE')) AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l \
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
      WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted \
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
      AND l.pid <> pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'autovacuum worker')";

/// The SQL expressions that are compared to find out whether two indexes have the same definition.
const INDEX_DEFINITION: &str = "\
    i.indisunique, c.relam, i.indnkeyatts, i.indoption::text, i.indclass::text, i.indcollation::text, \
    ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnatts) n), \
    pg_get_expr(i.indpred, i.indrelid, true), c.reloptions, \
    to_jsonb(i) ->> 'indnullsnotdistinct'";
