//! The connection that a script uses. Every statement of a script passes through it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use seedbed_build::{Environment, Name};
use seedbed_sql::statements;
use sqlx::postgres::{PgQueryResult, PgRow};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::concurrent_statement::{ConcurrentStatement, ends_transaction, is_safe_to_retry};
use crate::concurrently::ConcurrentRunner;
use crate::connect::DatabaseLifetime;
use crate::error::StatementError;
use crate::event::Event;
use crate::other_database::{other_database_statements, without};
use crate::plan::Step;
use crate::retry::{AttemptError, is_lock_error, retry_on_lock};
use crate::schema::{BoxFuture, Statements};
use crate::script_log::ScriptLog;
use crate::session::Session;
use crate::session_monitor::SessionMonitor;

/// The unit in which the statements of a script are committed and retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommitUnit {
    /// The whole script is one transaction, and is retried as a whole.
    Script,
    /// Each statement commits and is retried on its own.
    Statement,
}

/// The kind of response that a script expects from a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseKind {
    /// The number of affected rows.
    Count,
    /// The returned rows.
    Rows,
}

/// The response of the server to a statement.
enum Response {
    Count(PgQueryResult),
    Rows(Vec<PgRow>),
}

impl Default for Response {
    fn default() -> Self {
        Self::Count(PgQueryResult::default())
    }
}

impl Response {
    fn into_count(self) -> PgQueryResult {
        match self {
            Self::Count(count) => count,
            Self::Rows(_) => PgQueryResult::default(),
        }
    }

    fn into_rows(self) -> Vec<PgRow> {
        match self {
            Self::Count(_) => Vec::new(),
            Self::Rows(rows) => rows,
        }
    }
}

/// The way in which a statement is sent.
enum SendStrategy {
    /// The statement is sent once. It is not retried on its own.
    Once,
    /// The statement is sent once. It ends the transaction in which the script runs.
    EndsTransaction,
    /// The statement is retried while it cannot get a lock.
    RetryOnLock,
    /// The statement works in several transactions, so the effects of an earlier attempt are handled first.
    Concurrently(ConcurrentStatement),
}

impl SendStrategy {
    /// Chooses the strategy by the tokens of the statement, which are read once. In a transaction, a statement with
    /// bound values is not tokenized, because the server accepts no bound values for COPY and the statements of seeds
    /// are long.
    fn choose(statement: &Statement, unit: CommitUnit) -> Result<Self, StatementError> {
        if unit == CommitUnit::Script && has_values(statement) {
            return Ok(Self::Once);
        }
        let statements = statements(&statement.sql);
        StatementError::check(&statements, unit)?;
        if unit == CommitUnit::Script {
            let ends = statements.iter().any(ends_transaction);
            return Ok(if ends { Self::EndsTransaction } else { Self::Once });
        }
        Ok(match ConcurrentStatement::parse(&statement.sql, &statements) {
            Some(concurrent) => Self::Concurrently(concurrent),
            None if is_safe_to_retry(&statements) => Self::RetryOnLock,
            None => Self::Once,
        })
    }
}

fn has_values(statement: &Statement) -> bool {
    statement.values.as_ref().is_some_and(|values| !values.0.is_empty())
}

/// The connection behind the [`Schema`](crate::Schema) of one script.
pub(crate) struct ScriptConnection<'s> {
    pub(crate) session: &'s Session,
    monitor: &'s SessionMonitor<'s>,
    step: &'s Step,
    unit: CommitUnit,
    pub(crate) concurrent: ConcurrentRunner<'s>,
    /// The last statement that failed.
    failed: Mutex<Option<String>>,
    /// Whether the script has sent a statement that ends its transaction.
    ended_transaction: AtomicBool,
}

impl<'s> ScriptConnection<'s> {
    pub(crate) fn new(
        log: ScriptLog<'s>,
        monitor: &'s SessionMonitor<'s>,
        step: &'s Step,
        unit: CommitUnit,
    ) -> Self {
        let concurrent = ConcurrentRunner::new(log, monitor, step);
        let (failed, ended_transaction) = (Mutex::new(None), AtomicBool::new(false));
        Self { session: log.session, monitor, step, unit, concurrent, failed, ended_transaction }
    }

    /// Returns the last statement that failed.
    pub(crate) fn failed_statement(&self) -> Option<String> {
        self.failed.lock().map_or(None, |failed| failed.clone())
    }

    /// Returns whether the script has sent a statement that ends its transaction, such as ROLLBACK. What it executed after
    /// that may be committed, although the transaction that the runner began was rolled back.
    pub(crate) fn ended_transaction(&self) -> bool {
        self.ended_transaction.load(Ordering::Relaxed)
    }

    /// Sends a statement, and remembers it if it fails. In a temporary database, skips statements that change another
    /// database.
    async fn send(
        &self,
        mut statement: Statement,
        wanted: ResponseKind,
    ) -> Result<Response, Arc<sqlx::Error>> {
        self.monitor.report(&Event::Statement { sql: &statement.sql });
        if self.lifetime().is_temporary() && !has_values(&statement) {
            let own = self.session.options.url.database();
            let skipped = other_database_statements(&statement.sql, own);
            for other in &skipped {
                let message = other.skipped_warning(self.step.name.as_str());
                self.monitor.report(&Event::Warning { message: &message });
            }
            if !skipped.is_empty() {
                statement.sql = without(&statement.sql, &skipped);
            }
        }
        let answer = match SendStrategy::choose(&statement, self.unit) {
            Err(error) => Err(error.into()),
            Ok(SendStrategy::EndsTransaction) => {
                self.ended_transaction.store(true, Ordering::Relaxed);
                self.send_once(&statement, wanted).await
            }
            Ok(SendStrategy::Once) => self.send_once(&statement, wanted).await,
            Ok(SendStrategy::RetryOnLock) => self.send_and_retry(&statement, wanted).await,
            Ok(SendStrategy::Concurrently(concurrent)) => {
                let send = || self.send_once(&statement, wanted);
                self.concurrent.run(&concurrent, send).await.map(Option::unwrap_or_default)
            }
        };
        answer.map_err(|error| {
            if let Ok(mut failed) = self.failed.lock() {
                *failed = Some(statement.sql);
            }
            Arc::new(error)
        })
    }

    /// Sends a statement that commits on its own, and retries it while it does not get its lock in time.
    async fn send_and_retry(
        &self,
        statement: &Statement,
        wanted: ResponseKind,
    ) -> Result<Response, sqlx::Error> {
        let attempt = || async {
            let error = match self.send_once(statement, wanted).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // If the script began a transaction itself, the error has aborted this transaction. The server then refuses
            // every statement, so a retry would not help.
            if is_lock_error(&error) && self.session.execute("SELECT 1").await.is_ok() {
                return Err(AttemptError::Lock(error));
            }
            Err(AttemptError::Permanent(error))
        };
        retry_on_lock(self.monitor, attempt).await
    }

    async fn send_once(
        &self,
        statement: &Statement,
        wanted: ResponseKind,
    ) -> Result<Response, sqlx::Error> {
        let mut connection = self.session.connection().lock().await;
        let connection = self.session.acquire(&mut connection).await?;
        let sql = AssertSqlSafe(statement.sql.clone());
        let values = match (&statement.values, wanted) {
            // A text without values may be several statements, and is not prepared.
            (None, ResponseKind::Count) => {
                return connection.execute(sqlx::raw_sql(sql)).await.map(Response::Count);
            }
            (None, ResponseKind::Rows) => sea_orm::Values(Vec::new()),
            (Some(values), _) => values.clone(),
        };
        // The prepared statement is not kept, because a script changes the tables that the statement was planned for.
        let query = sqlx::query_with(sql, SqlxValues(values)).persistent(false);
        match wanted {
            ResponseKind::Count => connection.execute(query).await.map(Response::Count),
            ResponseKind::Rows => connection.fetch_all(query).await.map(Response::Rows),
        }
    }
}

impl Statements for ScriptConnection<'_> {
    fn execute(&self, statement: Statement) -> BoxFuture<'_, Result<ExecResult, DbErr>> {
        Box::pin(async move {
            match self.send(statement, ResponseKind::Count).await {
                Ok(answer) => Ok(answer.into_count().into()),
                Err(error) => Err(DbErr::Exec(RuntimeErr::SqlxError(error))),
            }
        })
    }

    fn query(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<QueryResult>, DbErr>> {
        Box::pin(async move {
            match self.send(statement, ResponseKind::Rows).await {
                Ok(answer) => Ok(answer.into_rows().into_iter().map(Into::into).collect()),
                Err(error) => Err(DbErr::Query(RuntimeErr::SqlxError(error))),
            }
        })
    }

    fn name(&self) -> &Name {
        &self.step.name
    }

    fn environment(&self) -> &Environment {
        &self.session.options.environment
    }

    fn lifetime(&self) -> DatabaseLifetime {
        self.session.options.lifetime
    }
}
