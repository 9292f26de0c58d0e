//! The script's side of the session: every statement of a script passes here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::{PgQueryResult, PgRow};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::concurrently::{Before, Concurrently};
use crate::error::code;
use crate::event::Event;
use crate::plan::Step;
use crate::retry::Pauses;
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

/// What is behind the [`Schema`](crate::Schema) of one script.
pub(crate) struct Body<'s> {
    pub(crate) session: &'s Session,
    watch: &'s Watch<'s>,
    step: &'s Step,
    unit: Unit,
    failed: Mutex<Option<String>>,
    touched_session: AtomicBool,
}

impl<'s> Body<'s> {
    pub(crate) fn new(
        session: &'s Session,
        watch: &'s Watch<'s>,
        step: &'s Step,
        unit: Unit,
    ) -> Self {
        let (failed, touched_session) = (Mutex::new(None), AtomicBool::new(false));
        Self { session, watch, step, unit, failed, touched_session }
    }

    /// Whether one of the statements may have changed a setting or the role, or ended the transaction.
    pub(crate) fn may_have_touched_the_session(&self) -> bool {
        self.touched_session.load(Ordering::Relaxed)
    }

    /// The statement that failed last.
    pub(crate) fn failed_statement(&self) -> Option<String> {
        self.failed.lock().map_or(None, |failed| failed.clone())
    }

    /// Sends a statement, in whatever way this script's statements are sent.
    async fn send<T: Default>(
        &self,
        statement: Statement,
        one: impl AsyncFn(&Session, &Statement) -> Result<T, sqlx::Error>,
    ) -> Result<T, Arc<sqlx::Error>> {
        self.watch.tell(&Event::Statement { sql: &statement.sql });
        if !self.may_have_touched_the_session() && !only_defines(&statement.sql) {
            self.touched_session.store(true, Ordering::Relaxed);
        }
        let result = match self.unit {
            Unit::Script => one(self.session, &statement).await,
            Unit::Statement => self.alone(&statement, one).await,
        };
        result.map_err(|error| {
            // Even one that the script ignores: the transaction is not what it was.
            self.touched_session.store(true, Ordering::Relaxed);
            if let Ok(mut failed) = self.failed.lock() {
                *failed = Some(statement.sql);
            }
            Arc::new(error)
        })
    }

    /// A statement that commits on its own. If it does not get its lock in time, it is tried again.
    async fn alone<T: Default>(
        &self,
        statement: &Statement,
        one: impl AsyncFn(&Session, &Statement) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let concurrently = Concurrently::read(&statement.sql);
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        let mut met_lock: Option<sqlx::Error> = None;
        loop {
            if let Some(concurrently) = &concurrently {
                match concurrently.before(self.session, self.watch, self.step).await? {
                    Before::ToDo => {}
                    Before::Done => return Ok(T::default()),
                }
            }
            let result = one(self.session, statement).await;
            if concurrently.is_some() {
                let after = Concurrently::after(self.session).await;
                // Of two errors the first is the reason for the second.
                if result.is_ok() {
                    after?;
                }
            }
            let error = match result {
                Err(error) if has_code(&error, code::LOCK_NOT_AVAILABLE) => error,
                // In a transaction that the script began by itself, nothing is left to try again.
                Err(error) if has_code(&error, code::IN_FAILED_SQL_TRANSACTION) => {
                    return Err(met_lock.unwrap_or(error));
                }
                result => return result,
            };
            let pause = pauses.next();
            if begun.elapsed() + pause >= self.session.options.lock_retry_for {
                return Err(error);
            }
            self.watch.retrying(&self.step.name, pause);
            if self.watch.pause(pause).await.is_err() {
                return Err(error);
            }
            met_lock = Some(error);
        }
    }
}

/// Whether it is one statement that makes a table or an index of plain columns, so that it runs no
/// function and leaves settings, role and transaction alone. In doubt it is not.
fn only_defines(sql: &str) -> bool {
    // Before anything is copied: seeds send long statements.
    let begins =
        sql.get(.."CREATE ".len()).is_some_and(|word| word.eq_ignore_ascii_case("CREATE "));
    if !begins {
        return false;
    }
    let is_one = !sql.contains(';');
    let upper = sql.to_ascii_uppercase();
    if upper.starts_with("CREATE TABLE ") {
        // CREATE TABLE … AS runs something: a query, or what was prepared. The bounds of a partition
        // are computed, and the rows of the default one looked at.
        let words = |c: char| !c.is_ascii_alphanumeric() && c != '_';
        return is_one && !upper.split(words).any(|word| matches!(word, "AS" | "PARTITION"));
    }
    let is_index = upper.starts_with("CREATE INDEX ") || upper.starts_with("CREATE UNIQUE INDEX ");
    // An expression, or a condition, is computed for each row there is.
    is_one && is_index && upper.matches('(').count() == 1 && !upper.contains("WHERE")
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    let has = error.as_database_error().and_then(|error| error.code());
    has.is_some_and(|has| has == code)
}

async fn execute(session: &Session, statement: &Statement) -> Result<PgQueryResult, sqlx::Error> {
    let mut held = session.held().lock().await;
    let connection = session.take(&mut held).await?;
    let sql = AssertSqlSafe(statement.sql.clone());
    match &statement.values {
        // Without values it may be several statements, and needs no preparation.
        None => connection.execute(sqlx::raw_sql(sql)).await,
        Some(values) => {
            let query = sqlx::query_with(sql, SqlxValues(values.clone())).persistent(false);
            connection.execute(query).await
        }
    }
}

async fn query(session: &Session, statement: &Statement) -> Result<Vec<PgRow>, sqlx::Error> {
    let mut held = session.held().lock().await;
    let connection = session.take(&mut held).await?;
    let values = statement.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new()));
    let sql = AssertSqlSafe(statement.sql.clone());
    // Not kept: a script changes the tables that a prepared statement was planned for.
    let query = sqlx::query_with(sql, SqlxValues(values)).persistent(false);
    connection.fetch_all(query).await
}

impl Statements for Body<'_> {
    fn execute(&self, statement: Statement) -> BoxFuture<'_, Result<ExecResult, DbErr>> {
        Box::pin(async move {
            match self.send(statement, execute).await {
                Ok(result) => Ok(result.into()),
                Err(error) => Err(DbErr::Exec(RuntimeErr::SqlxError(error))),
            }
        })
    }

    fn query(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<QueryResult>, DbErr>> {
        Box::pin(async move {
            match self.send(statement, query).await {
                Ok(rows) => Ok(rows.into_iter().map(Into::into).collect()),
                Err(error) => Err(DbErr::Query(RuntimeErr::SqlxError(error))),
            }
        })
    }

    fn name(&self) -> &str {
        &self.step.name
    }

    fn environment(&self) -> &str {
        &self.session.options.environment
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::only_defines;

    #[rstest]
    #[case(r#"CREATE TABLE "a" ( "id" uuid DEFAULT uuid_generate_v4() )"#, true)]
    #[case(r#"CREATE INDEX "a_b_idx" ON "a" ("b")"#, true)]
    #[case(r#"create unique index "a_b_key" on "a" ("b", "c")"#, true)]
    #[case("CREATE TABLE a AS SELECT set_config('role', 'b', false)", false)]
    #[case("CREATE TABLE a (b int); SET ROLE b", false)]
    #[case("CREATE TABLE a AS EXECUTE prepared", false)]
    #[case("CREATE TABLE a PARTITION OF b FOR VALUES IN (f())", false)]
    #[case("CREATE TABLE a AS VALUES (set_config('role', 'b', false))", false)]
    #[case("CREATE TABLE a(b)AS(SELECT f())", false)]
    #[case("CREATE INDEX i ON a (f(b))", false)]
    #[case("CREATE INDEX i ON a (b) WHERE f(b)", false)]
    #[case("ALTER TABLE a ADD COLUMN b text DEFAULT f()", false)]
    #[case("SET search_path = b", false)]
    #[case("COMMIT", false)]
    fn only_a_plain_definition_leaves_the_session_alone(#[case] sql: &str, #[case] expected: bool) {
        assert_eq!(only_defines(sql), expected);
    }
}
