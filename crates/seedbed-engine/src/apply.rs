//! Runs one script, so that it and its row in the history commit together or not at all.

mod alone;
mod call;
mod fate;

use std::time::{Duration, Instant};

use crate::body::{Body, Unit};
use crate::connect::reason;
use crate::error::{
    Error, LeftTransaction, OtherSession, Remains, ScriptError, database_error, is_lost,
};
use crate::event::{Event, Events};
use crate::history::{Entry, Guard, LogResult, done_sql, log_sql};
use crate::plan::Step;
use crate::report::Report;
use crate::retry::Pauses;
use crate::session::Session;
use crate::transaction::Transaction;
use crate::watch::{Interrupt, Watch, Watched};

pub(crate) use call::call;
pub use call::script_panicked;
pub(crate) use fate::Fate;

/// Runs scripts on the session that has the lock.
pub(crate) struct Apply<'a> {
    pub(crate) session: &'a Session,
    pub(crate) events: Events<'a>,
    pub(crate) interrupt: &'a Interrupt,
}

/// A script that is committed, and its row with it.
struct Done {
    took: Duration,
    /// The session was lost just then, so the run ends with this one.
    lost: Option<Error>,
}

/// Why one try did not end well.
enum Failed {
    /// The script, or the database on its behalf, with the statement.
    Script(anyhow::Error, Option<String>, Remains),
    /// The run cannot go on.
    Run(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

impl Apply<'_> {
    /// Runs one script and records it, again and again while a lock is in its way, and reports the
    /// try that succeeded.
    pub(crate) async fn step(&self, step: &Step, report: &mut Report) -> Result<(), Error> {
        if self.interrupt.came() {
            return Err(Error::Interrupted);
        }
        if step.again {
            (self.events)(&Event::StartingAgain { name: &step.name });
        }
        (self.events)(&Event::Started { name: &step.name, direction: step.direction });
        let watch = Watch::new(self.session, self.events, self.interrupt);
        let done = if step.script.uses_transaction() {
            self.retried(step, &watch).await?
        } else {
            self.alone(step, &watch).await?
        };
        self.finished(step, done.took, report);
        done.lost.map_or(Ok(()), Err)
    }

    /// Tells that a script is committed.
    pub(crate) fn finished(&self, step: &Step, took: Duration, report: &mut Report) {
        (self.events)(&Event::Finished { name: &step.name, direction: step.direction, took });
        report.add(step, took);
    }

    /// A script is rolled back as a whole and run again, so that nobody queues behind it meanwhile.
    async fn retried(&self, step: &Step, watch: &Watch<'_>) -> Result<Done, Error> {
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        loop {
            let try_begun = Instant::now();
            let (error, statement, remains) = match self.in_transaction(step, watch).await {
                Ok(done) => return Ok(done),
                Err(Failed::Run(error)) => return Err(error),
                Err(Failed::Script(error, statement, remains)) => (error, statement, remains),
            };
            if self.interrupt.came() {
                return Err(Error::Interrupted);
            }
            let pause = pauses.next();
            let again = remains == Remains::Nothing && self.may_try_again(&error, begun, pause);
            if again {
                watch.retrying(&step.name, pause);
                watch.pause(pause).await?;
                continue;
            }
            self.log(step, try_begun.elapsed(), LogResult::Failed).await;
            return Err(self.failed(step, &error, statement, watch, remains));
        }
    }

    /// Whether the same again may succeed: it met a lock, or was ended to resolve a deadlock, and
    /// there is time left for another try.
    pub(crate) fn may_try_again(
        &self,
        error: &anyhow::Error,
        begun: Instant,
        pause: Duration,
    ) -> bool {
        let met_a_lock = database_error(error).is_some_and(|error| is_lock(error.code()));
        met_a_lock && begun.elapsed() + pause < self.session.options.lock_retry_for
    }

    async fn in_transaction(&self, step: &Step, watch: &Watch<'_>) -> Result<Done, Failed> {
        let begun = Instant::now();
        let transaction = match Transaction::begin(self.session, &step.script).await {
            Ok(transaction) => transaction,
            Err(error) => {
                self.is_ours(&error).await?;
                let undone = self.session.execute("ROLLBACK").await.map(drop);
                self.after_failure(&running(step), &error, undone.map_err(Into::into)).await?;
                return Err(Failed::Script(error, None, Remains::Nothing));
            }
        };
        let body = Body::new(self.session, watch, step, Unit::Script);
        let script = async {
            call(step, &body, &transaction).await?;
            let took = begun.elapsed();
            self.record(step, took, &transaction).await.map(|()| took)
        };
        match watch.run(script).await {
            Watched::Ended(Ok(took)) => {
                let lost = self.commit(step, transaction, Unit::Script).await?;
                Ok(Done { took, lost })
            }
            Watched::Ended(Err(error)) => {
                let statement = body.failed_statement();
                let remains = self.undo(&running(step), &error, transaction).await?;
                let remains = if remains { Remains::WhatItCommitted } else { Remains::Nothing };
                Err(Failed::Script(error, statement, remains))
            }
            Watched::GivenUp => {
                transaction.abandon();
                Err(Error::Interrupted.into())
            }
        }
    }

    /// Whether the error is not that the session is another one.
    pub(crate) async fn is_ours(&self, error: &anyhow::Error) -> Result<(), Error> {
        if error.is::<OtherSession>() {
            let _ = self.session.execute("ROLLBACK").await;
            return Err(Error::OtherSession { server: self.session.options.url.server() });
        }
        Ok(())
    }

    /// Rolls back, and says whether something may remain, as the script had ended its transaction by
    /// itself.
    pub(crate) async fn undo(
        &self,
        doing: &str,
        error: &anyhow::Error,
        transaction: Transaction,
    ) -> Result<bool, Error> {
        let left = transaction.was_left(self.session).await;
        let id = transaction.id().to_owned();
        let undone = transaction.rollback(self.session).await;
        self.after_failure(doing, error, undone).await?;
        Ok(left || self.is_committed(&id).await?)
    }

    /// Writes the history from within the transaction.
    async fn record(
        &self,
        step: &Step,
        took: Duration,
        transaction: &Transaction,
    ) -> anyhow::Result<()> {
        let guard = Guard { pid: self.session.facts.pid, transaction: Some(transaction.id()) };
        let entries = [entry(step, took)];
        // The script may have left another role or search path behind.
        let sql =
            format!("{}; {}", self.session.reset_sql(), done_sql(self.session, &entries, guard));
        match transaction.execute(self.session, sql).await? {
            2 => Ok(()),
            _ => Err(LeftTransaction.into()),
        }
    }

    /// Commits; if the session is lost then, finds out what became of it.
    async fn commit(
        &self,
        step: &Step,
        transaction: Transaction,
        unit: Unit,
    ) -> Result<Option<Error>, Failed> {
        let id = transaction.id().to_owned();
        let Err(error) = transaction.commit(self.session).await else {
            return Ok(None);
        };
        if !is_lost(&error) {
            // A deferred constraint, for example: PostgreSQL has rolled it back.
            let undone = self.session.execute("ROLLBACK").await.map(drop);
            self.after_failure(&running(step), &error, undone.map_err(Into::into)).await?;
            return Err(Failed::Script(error, None, Remains::Nothing));
        }
        let lost = |doing: String| Error::SessionLost { doing, reason: said(&error) };
        let (word, rest) = match unit {
            Unit::Script => ("committed", "nothing of it remains"),
            Unit::Statement => ("recorded", "the next run starts it again"),
        };
        match self.fate(&id, step).await {
            Fate::Committed => Ok(Some(lost(format!("just after {} was {word}", step.name)))),
            Fate::RolledBack => {
                Err(lost(format!("before {} was {word}: {rest}", step.name)).into())
            }
            Fate::Unknown => Err(Error::CommitUnknown { name: step.name.clone() }.into()),
        }
    }

    /// After a failure the session has to be as before, or the run ends: without it there is no lock.
    pub(crate) async fn after_failure(
        &self,
        doing: &str,
        error: &anyhow::Error,
        undone: anyhow::Result<()>,
    ) -> Result<(), Error> {
        let ready = match undone {
            Ok(()) => self.session.execute(self.session.reset_sql()).await.map(drop),
            // What the script met says more than what the rollback met.
            Err(_) if is_lost(error) => return Err(self.lost(doing, error)),
            Err(undone) => return Err(self.lost(doing, &undone)),
        };
        ready.map_err(|error| self.lost(doing, &error.into()))
    }

    /// A best effort: what matters is rolled back already, and the error is on its way.
    async fn log(&self, step: &Step, took: Duration, result: LogResult) {
        let guard = Guard { pid: self.session.facts.pid, transaction: None };
        let sql = log_sql(self.session, &[entry(step, took)], result, guard);
        if let Err(error) = self.session.execute(sql).await {
            let message = format!("the failure could not be logged: {}", reason(&error));
            (self.events)(&Event::Warning { message: &message });
        }
    }

    fn lost(&self, doing: &str, error: &anyhow::Error) -> Error {
        if self.interrupt.came() {
            return Error::Interrupted;
        }
        Error::SessionLost { doing: doing.to_owned(), reason: said(error) }
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
            .filter(|error| is_lock(error.code()))
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

/// What was going on, for the error of a lost session.
pub(crate) fn running(step: &Step) -> String {
    format!("while {} ran", step.name)
}

/// What the driver said, wherever in the error it is.
pub(crate) fn said(error: &anyhow::Error) -> String {
    crate::error::driver_error(error).map_or_else(|| format!("{error:#}"), reason)
}

/// A lock that was not to be had, or a deadlock that was resolved by ending this one. All of it was
/// rolled back.
fn is_lock(code: &str) -> bool {
    use crate::error::code::{DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE};
    matches!(code, LOCK_NOT_AVAILABLE | DEADLOCK_DETECTED)
}
