//! The connection that a script sees: every statement of a script passes here.

use std::sync::{Arc, Mutex};

use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use seedbed_files::{Environment, Name};
use seedbed_sql::statements;
use sqlx::postgres::{PgQueryResult, PgRow};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::apply::Apply;
use crate::concurrently::{ConcurrentRunner, ConcurrentStatement, may_be_repeated};
use crate::error::StatementError;
use crate::event::Event;
use crate::plan::Step;
use crate::retry::{Attempt, met_lock, while_locked};
use crate::schema::Statements;
use crate::script::BoxFuture;
use crate::session::Session;
use crate::watch::Watch;

/// Whether the script's statements belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// They are one transaction, and so is the retry.
    Script,
    /// Each commits on its own, and is retried on its own.
    Statement,
}

/// What the script wants to know of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// How many rows it changed.
    Count,
    /// Its rows.
    Rows,
}

/// What the server answers to a statement.
enum Answer {
    Count(PgQueryResult),
    Rows(Vec<PgRow>),
}

impl Default for Answer {
    fn default() -> Self {
        Self::Count(PgQueryResult::default())
    }
}

impl Answer {
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

/// How a statement is sent.
enum Way {
    Once,
    WhileLocked,
    Concurrently(ConcurrentStatement),
}

impl Way {
    /// Chooses the way by the tokens of the statement, which are read once. In a transaction, one with bound values is not
    /// read at all: the server binds none to COPY, and seeds send long ones.
    fn choose(statement: &Statement, unit: Unit) -> Result<Self, StatementError> {
        let has_values = statement.values.as_ref().is_some_and(|values| !values.0.is_empty());
        if unit == Unit::Script && has_values {
            return Ok(Self::Once);
        }
        let statements = statements(&statement.sql);
        StatementError::refuse(&statements)?;
        if unit == Unit::Script {
            return Ok(Self::Once);
        }
        Ok(match ConcurrentStatement::parse(&statement.sql, &statements) {
            Some(concurrent) => Self::Concurrently(concurrent),
            None if may_be_repeated(&statements) => Self::WhileLocked,
            None => Self::Once,
        })
    }
}

/// What is behind the [`Schema`](crate::Schema) of one script.
pub(crate) struct ScriptConnection<'s> {
    pub(crate) session: &'s Session,
    watch: &'s Watch<'s>,
    step: &'s Step,
    unit: Unit,
    pub(crate) concurrent: ConcurrentRunner<'s>,
    failed: Mutex<Option<String>>,
}

impl<'s> ScriptConnection<'s> {
    pub(crate) fn new(
        apply: &'s Apply<'s>,
        watch: &'s Watch<'s>,
        step: &'s Step,
        unit: Unit,
    ) -> Self {
        let concurrent = ConcurrentRunner::new(apply, watch, step);
        Self { session: apply.session, watch, step, unit, concurrent, failed: Mutex::new(None) }
    }

    /// The statement that failed last.
    pub(crate) fn failed_statement(&self) -> Option<String> {
        self.failed.lock().map_or(None, |failed| failed.clone())
    }

    /// Sends a statement, in whatever way this script's statements are sent.
    async fn send(&self, statement: Statement, wanted: Wanted) -> Result<Answer, Arc<sqlx::Error>> {
        self.watch.tell(&Event::Statement { sql: &statement.sql });
        let answer = match Way::choose(&statement, self.unit) {
            Err(error) => Err(error.into()),
            Ok(Way::Once) => self.send_once(&statement, wanted).await,
            Ok(Way::WhileLocked) => self.send_while_locked(&statement, wanted).await,
            Ok(Way::Concurrently(concurrent)) => {
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

    /// Sends a statement that commits on its own, again and again while it does not get its lock in time.
    async fn send_while_locked(
        &self,
        statement: &Statement,
        wanted: Wanted,
    ) -> Result<Answer, sqlx::Error> {
        let attempt = || async {
            let error = match self.send_once(statement, wanted).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // In a transaction that the script began by itself, nothing is left to try again.
            if met_lock(&error) && self.session.execute("SELECT 1").await.is_ok() {
                return Err(Attempt::MetLock(error));
            }
            Err(Attempt::Failed(error))
        };
        while_locked(self.watch, attempt).await
    }

    async fn send_once(
        &self,
        statement: &Statement,
        wanted: Wanted,
    ) -> Result<Answer, sqlx::Error> {
        let mut connection = self.session.connection().lock().await;
        let connection = self.session.take(&mut connection).await?;
        let sql = AssertSqlSafe(statement.sql.clone());
        let values = match (&statement.values, wanted) {
            // Without values it may be several statements, and needs no preparation.
            (None, Wanted::Count) => {
                return connection.execute(sqlx::raw_sql(sql)).await.map(Answer::Count);
            }
            (None, Wanted::Rows) => sea_orm::Values(Vec::new()),
            (Some(values), _) => values.clone(),
        };
        // Not kept: a script changes the tables that a prepared statement was planned for.
        let query = sqlx::query_with(sql, SqlxValues(values)).persistent(false);
        match wanted {
            Wanted::Count => connection.execute(query).await.map(Answer::Count),
            Wanted::Rows => connection.fetch_all(query).await.map(Answer::Rows),
        }
    }
}

impl Statements for ScriptConnection<'_> {
    fn execute(&self, statement: Statement) -> BoxFuture<'_, Result<ExecResult, DbErr>> {
        Box::pin(async move {
            match self.send(statement, Wanted::Count).await {
                Ok(answer) => Ok(answer.into_count().into()),
                Err(error) => Err(DbErr::Exec(RuntimeErr::SqlxError(error))),
            }
        })
    }

    fn query(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<QueryResult>, DbErr>> {
        Box::pin(async move {
            match self.send(statement, Wanted::Rows).await {
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
}
