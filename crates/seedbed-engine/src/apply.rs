//! Runs one script, so that it and its row in the history commit together or not at all.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use sea_orm_migration::SchemaManager;
use sqlx::Connection as _;
use sqlx::Row as _;

use crate::body::{Body, Unit};
use crate::connect;
use crate::error::{Error, Remains, ScriptError, code, database_error, driver_error};
use crate::event::{Event, Events};
use crate::history::{Entry, Guard, LogResult, done_sql, log_sql};
use crate::plan::Step;
use crate::retry::Pauses;
use crate::schema::Schema;
use crate::script;
use crate::session::Session;
use crate::transaction::Transaction;
use crate::watch::{Interrupt, Watch, Watched};
use crate::Direction;

/// Runs scripts on the session that has the lock.
pub(crate) struct Apply<'a> {
    pub(crate) session: &'a Session,
    pub(crate) events: Events<'a>,
    pub(crate) interrupt: &'a Interrupt,
}

/// Why one try did not end well.
pub(crate) enum Failed {
    /// The script, or the database on its behalf.
    Script(anyhow::Error, Option<String>),
    /// The run cannot go on.
    Run(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

impl Apply<'_> {
    /// Runs one script and records it, again and again while a lock is in its way, and says how long
    /// the try took that succeeded.
    pub(crate) async fn step(&self, step: &Step) -> Result<Duration, Error> {
        if self.interrupt.came() {
            return Err(Error::Interrupted);
        }
        if step.again {
            (self.events)(&Event::StartingAgain { name: &step.name });
        }
        (self.events)(&Event::Started { name: &step.name, direction: step.direction });
        let watch = Watch::new(self.session, self.events, self.interrupt);
        let took = if step.script.uses_transaction() {
            self.retried(step, &watch).await?
        } else {
            self.without_transaction(step, &watch).await?
        };
        (self.events)(&Event::Finished { name: &step.name, direction: step.direction, took });
        Ok(took)
    }

    /// A script is rolled back as a whole and run again, so that nobody queues behind it meanwhile.
    async fn retried(&self, step: &Step, watch: &Watch<'_>) -> Result<Duration, Error> {
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        loop {
            let try_begun = Instant::now();
            let (error, statement) = match self.in_transaction(step, watch).await {
                Ok(()) => return Ok(try_begun.elapsed()),
                Err(Failed::Run(error)) => return Err(error),
                Err(Failed::Script(error, statement)) => (error, statement),
            };
            if self.interrupt.came() {
                return Err(Error::Interrupted);
            }
            let pause = pauses.next();
            let retry_for = self.session.options.lock_retry_for;
            if may_pass(&error) && begun.elapsed() + pause < retry_for {
                watch.retrying(&step.name, pause);
                watch.pause(pause).await?;
                continue;
            }
            self.log(step, try_begun.elapsed(), LogResult::Failed).await;
            return Err(self.failed(step, &error, statement, watch, Remains::Nothing));
        }
    }

    async fn in_transaction(&self, step: &Step, watch: &Watch<'_>) -> Result<(), Failed> {
        let begun = Instant::now();
        let transaction = Transaction::begin(self.session, &step.script)
            .await
            .map_err(|error| self.lost("when a script began", &error))?;
        let body = Body::new(self.session, watch, &step.name, Unit::Script);
        let result = match watch.run(call(step, &body, &transaction)).await {
            Watched::Ended(result) => result,
            Watched::GivenUp => {
                transaction.abandon();
                return Err(Error::Interrupted.into());
            }
        };
        let result = match result {
            Ok(()) => self.record(step, begun.elapsed(), &transaction).await,
            error => error,
        };
        match result {
            Ok(()) => self.commit(step, transaction).await,
            Err(error) => {
                let undone = transaction.rollback(self.session).await;
                self.after_failure(&error, undone).await?;
                Err(Failed::Script(error, body.failed_statement()))
            }
        }
    }

    /// Writes the history from within the script's transaction.
    async fn record(
        &self,
        step: &Step,
        took: Duration,
        transaction: &Transaction,
    ) -> anyhow::Result<()> {
        let guard = Guard { pid: self.session.facts.pid, transaction: Some(transaction.id()) };
        let entries = [entry(step, took)];
        // The script may have left another role or search path behind.
        let sql = format!(
            "{}; {}",
            self.session.reset_sql(),
            done_sql(self.session, &entries, guard)
        );
        match transaction.execute(self.session, sql).await? {
            2 => Ok(()),
            _ => Err(anyhow!(
                "it ended the transaction that it ran in, so it was not recorded and what it did \
                 may remain; a script that commits by itself says `pub const TRANSACTION: bool = false;`"
            )),
        }
    }

    async fn commit(&self, step: &Step, transaction: Transaction) -> Result<(), Failed> {
        let id = transaction.id().to_owned();
        let Err(error) = transaction.commit(self.session).await else {
            return Ok(());
        };
        if database_error(&error).is_some_and(|error| !error.code().starts_with("57P")) {
            // A deferred constraint, for example: PostgreSQL has rolled it back.
            let undone = self.session.execute("ROLLBACK").await.map(drop);
            self.after_failure(&error, undone.map_err(Into::into)).await?;
            return Err(Failed::Script(error, None));
        }
        let lost = |doing: String| Error::SessionLost { doing, reason: format!("{error:#}") };
        match self.fate(&id).await {
            Some(true) => Err(lost(format!("just after {} was committed", step.name)).into()),
            Some(false) => {
                let doing = format!("before {} was committed: nothing of it remains", step.name);
                Err(lost(doing).into())
            }
            None => Err(Error::CommitUnknown { name: step.name.clone() }.into()),
        }
    }

    /// Whether the transaction was committed, asked on a new connection; `None` if nobody answers.
    async fn fate(&self, id: &str) -> Option<bool> {
        let begun = Instant::now();
        loop {
            let mut connection =
                connect::connection(&self.session.options, self.events).await.ok()?;
            let sql = format!("SELECT pg_xact_status('{id}') AS status");
            let row = sqlx::Executor::fetch_one(&mut connection, sqlx::AssertSqlSafe(sql)).await.ok()?;
            // The answer is there; how this connection ends does not matter.
            let _ = connection.close().await;
            match row.try_get::<Option<&str>, _>("status").ok()? {
                Some("committed") => return Some(true),
                Some("aborted") => return Some(false),
                Some(_) if begun.elapsed() < self.session.options.wait => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                _ => return None,
            }
        }
    }

    async fn without_transaction(
        &self,
        step: &Step,
        watch: &Watch<'_>,
    ) -> Result<Duration, Error> {
        let begun = Instant::now();
        let guard = Guard { pid: self.session.facts.pid, transaction: None };
        let started = log_sql(
            self.session,
            &[entry(step, Duration::ZERO)],
            LogResult::Started,
            guard,
        );
        self.session
            .execute(started)
            .await
            .map_err(|error| self.lost("when a script began", &error.into()))?;
        let body = Body::new(self.session, watch, &step.name, Unit::Statement);
        let result = match watch.run(call(step, &body, &Transaction::none())).await {
            Watched::Ended(result) => result,
            Watched::GivenUp => return Err(Error::Interrupted),
        };
        let took = begun.elapsed();
        let error = match result {
            Ok(()) => return self.record_alone(step, took).await.map(|()| took),
            Err(error) => error,
        };
        let undone = self.session.execute("ROLLBACK").await.map(drop).map_err(Into::into);
        self.after_failure(&error, undone).await?;
        self.log(step, took, LogResult::Interrupted).await;
        if self.interrupt.came() {
            return Err(Error::Interrupted);
        }
        let statement = body.failed_statement();
        Err(self.failed(step, &error, statement, watch, Remains::WhatCameBefore))
    }

    async fn record_alone(&self, step: &Step, took: Duration) -> Result<(), Error> {
        let guard = Guard { pid: self.session.facts.pid, transaction: None };
        let sql = format!(
            "BEGIN; {}; {}; COMMIT",
            self.session.reset_sql(),
            done_sql(self.session, &[entry(step, took)], guard)
        );
        self.session
            .execute(sql)
            .await
            .map(drop)
            .map_err(|error| self.lost("before a script was recorded", &error.into()))
    }

    /// After a failure the session has to be as before, or the run ends: without it there is no lock.
    pub(crate) async fn after_failure(
        &self,
        error: &anyhow::Error,
        undone: anyhow::Result<()>,
    ) -> Result<(), Error> {
        let ready = match undone {
            Ok(()) => self.session.execute(self.session.reset_sql()).await.map(drop),
            Err(_) => return Err(self.lost("while a script ran", error)),
        };
        ready.map_err(|error| self.lost("after a script failed", &error.into()))
    }

    /// A best effort: what matters is rolled back already, and the error is on its way.
    async fn log(&self, step: &Step, took: Duration, result: LogResult) {
        let guard = Guard { pid: self.session.facts.pid, transaction: None };
        let sql = log_sql(self.session, &[entry(step, took)], result, guard);
        if let Err(error) = self.session.execute(sql).await {
            let message = format!("the failure could not be logged: {error}");
            (self.events)(&Event::Warning { message: &message });
        }
    }

    fn lost(&self, doing: &str, error: &anyhow::Error) -> Error {
        if self.interrupt.came() {
            return Error::Interrupted;
        }
        let reason = match (database_error(error), driver_error(error)) {
            (Some(error), _) => error.message().to_owned(),
            (None, Some(error)) => error.to_string(),
            (None, None) => format!("{error:#}"),
        };
        Error::SessionLost { doing: doing.to_owned(), reason }
    }

    fn failed(
        &self,
        step: &Step,
        error: &anyhow::Error,
        statement: Option<String>,
        watch: &Watch<'_>,
        remains: Remains,
    ) -> Error {
        let blocker = database_error(error)
            .filter(|error| error.code() == code::LOCK_NOT_AVAILABLE)
            .and_then(|_| watch.blocker());
        let retried_for = self.session.options.lock_retry_for;
        let error = ScriptError::new(step, error, statement, blocker, remains, retried_for);
        Error::Script(Box::new(error))
    }
}

/// The entry of the history and the log for a step.
pub(crate) fn entry(step: &Step, took: Duration) -> Entry {
    Entry {
        kind: step.kind,
        name: step.name.clone(),
        direction: step.direction,
        checksum: step.script.checksum,
        took,
    }
}

/// Calls the script's function.
pub(crate) async fn call(
    step: &Step,
    body: &Body<'_>,
    transaction: &Transaction,
) -> anyhow::Result<()> {
    match step.script.body {
        script::Body::Functions { up, down } => {
            let schema = Schema::new(body);
            match (step.direction, down) {
                (Direction::Up, _) => up(&schema).await,
                (Direction::Down, Some(down)) => down(&schema).await,
                (Direction::Down, None) => Err(anyhow!("it has no `down`")),
            }
        }
        script::Body::SeaOrm(migration) => {
            let lent;
            let manager = match transaction.lent() {
                Some(transaction) => SchemaManager::new(transaction),
                None => {
                    lent = body.session.lend().await;
                    SchemaManager::new(&lent)
                }
            };
            match step.direction {
                Direction::Up => migration().up(&manager).await?,
                Direction::Down => migration().down(&manager).await?,
            }
            Ok(())
        }
    }
}

/// Whether the same again may succeed: a lock that was not to be had, a deadlock that was resolved
/// by ending this one. All of it was rolled back.
pub(crate) fn may_pass(error: &anyhow::Error) -> bool {
    database_error(error).is_some_and(|error| {
        matches!(error.code(), code::LOCK_NOT_AVAILABLE | code::DEADLOCK_DETECTED)
    })
}
