//! Runs one script. The script and its row in the history commit together or not at all.

mod call;
mod commit_outcome;
mod explain;
mod make_durable;
mod non_transactional;
mod record;
mod seed_rows;
mod seed_warnings;

use std::time::{Duration, Instant};

use crate::cancellation::Cancellation;
use crate::concurrently::ConcurrentRunner;
use crate::direction::Direction;
use crate::driver_error::{driver_error, is_lost, loss_reason};
use crate::durability::Durability;
use crate::error::{Error, PartialEffects, ScriptError, SessionChanged};
use crate::event::{Event, Events, Subject};
use crate::history_store::{HistoryTables, LogResult};
use crate::lock::LockKey;
use crate::notices::{Notice, NoticeCollector};
use crate::plan::Step;
use crate::report::RunReport;
use crate::retry::{self, AttemptError, retry_on_lock};
use crate::script::Scripts;
use crate::script_connection::{CommitUnit, ScriptConnection};
use crate::script_log::ScriptLog;
use crate::session::Session;
use crate::session_monitor::{MonitorOutcome, SessionMonitor};
use crate::session_reset::SessionReset;
use crate::transaction::Transaction;

use call::call;
pub use call::script_panicked;
use commit_outcome::CommitOutcome;
use seed_rows::SeedLosses;

/// Runs scripts on the session that holds the lock.
pub(crate) struct Apply<'a> {
    pub(crate) session: &'a Session,
    /// The scripts of the kind that runs.
    pub(crate) scripts: &'a Scripts,
    pub(crate) seeds: &'a Scripts,
    pub(crate) tables: &'a HistoryTables,
    pub(crate) lock: LockKey,
    pub(crate) reset: &'a SessionReset,
    pub(crate) durability: Durability,
    pub(crate) events: Events<'a>,
    pub(crate) cancellation: &'a Cancellation,
}

/// A script that is committed together with its row in the history.
struct CommittedScript {
    elapsed: Duration,
    /// The effect of the script on the applied seeds.
    seeds: SeedLosses,
    /// The error if the session was lost right after the commit. In that case, the run ends with this script.
    lost: Option<Error>,
}

/// The reason why one attempt to run a script failed.
enum StepError {
    /// The script failed: its error, the failed statement, and the effects of the script that remain.
    Script(anyhow::Error, Option<String>, PartialEffects),
    /// The run cannot continue.
    Run(Error),
}

impl From<Error> for StepError {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

impl StepError {
    /// Classifies the error: a script that could not get a lock and was rolled back may run again.
    fn into_attempt_error(self) -> AttemptError<Self> {
        match &self {
            Self::Script(error, _, PartialEffects::None) if is_lock_error(error) => {
                AttemptError::Lock(self)
            }
            _ => AttemptError::Permanent(self),
        }
    }
}

impl Apply<'_> {
    fn script_log(&self) -> ScriptLog<'_> {
        ScriptLog {
            session: self.session,
            tables: self.tables,
            lock: self.lock,
            reset: self.reset,
            durability: self.durability,
            events: self.events,
        }
    }

    /// Runs one script, records it, and adds it to the report. Retries while the script cannot get a lock.
    pub(crate) async fn step(&self, step: &Step, report: &mut RunReport) -> Result<(), Error> {
        if self.cancellation.is_canceled() {
            return Err(Error::Interrupted);
        }
        if step.resumes_interrupted {
            let (name, direction) = (&step.name, step.direction);
            (self.events)(&Event::ResumingInterrupted { name, direction });
        }
        (self.events)(&Event::Started { name: &step.name, direction: step.direction });
        let subject = Subject::Script(&step.name);
        let monitor = SessionMonitor::new(self.session, subject, self.events, self.cancellation);
        let notices = NoticeCollector::default();
        let done = if step.script.uses_transaction() {
            self.transactional(step, &monitor, &notices).await
        } else {
            self.non_transactional(step, &monitor, &notices).await
        };
        self.report_notices(step, &notices, report);
        let done = done?;
        let (name, direction) = (&step.name, step.direction);
        (self.events)(&Event::Finished { name, direction, elapsed: done.elapsed });
        report.add(step, done.elapsed);
        report.warnings.extend(self.seed_warnings(step, &done.seeds));
        done.lost.map_or(Ok(()), Err)
    }

    fn report_notices(&self, step: &Step, notices: &NoticeCollector, report: &mut RunReport) {
        for (severity, message) in notices.take() {
            let notice = Notice { name: step.name.clone(), severity, message };
            (self.events)(&Event::Notice { notice: &notice });
            report.notices.push(notice);
        }
    }

    /// Runs a script in a transaction. If the script cannot get a lock, rolls all of it back and runs it again, so that no
    /// other session queues behind it during the pause.
    async fn transactional(
        &self,
        step: &Step,
        monitor: &SessionMonitor<'_>,
        notices: &NoticeCollector,
    ) -> Result<CommittedScript, Error> {
        let started_at = Instant::now();
        if step.resumes_interrupted {
            Box::pin(self.clean_up_interrupted_run(step, monitor)).await?;
        }
        let attempt = || async {
            // The notices of an attempt that was rolled back do not describe the final state.
            notices.take();
            self.in_transaction(step, monitor, notices).await.map_err(StepError::into_attempt_error)
        };
        let (error, statement, partial_effects) = match retry_on_lock(monitor, attempt).await {
            Ok(done) => return Ok(done),
            Err(StepError::Run(error)) => return Err(error),
            Err(StepError::Script(error, statement, partial_effects)) => {
                (error, statement, partial_effects)
            }
        };
        if self.cancellation.is_canceled() {
            return Err(Error::Interrupted);
        }
        self.script_log().log_failure(step, started_at.elapsed(), LogResult::Failed, monitor).await;
        Err(self.script_error(step, &error, statement, monitor, partial_effects).await)
    }

    /// Removes what a run of the script left that was interrupted when its file had no transaction yet.
    async fn clean_up_interrupted_run(
        &self,
        step: &Step,
        monitor: &SessionMonitor<'_>,
    ) -> Result<(), Error> {
        let runner = ConcurrentRunner::new(self.script_log(), monitor, step);
        let clean_up = async { Ok(runner.clean_up_interrupted_run().await?) };
        let error = match monitor.run(clean_up).await {
            MonitorOutcome::Completed(Ok(())) => return Ok(()),
            MonitorOutcome::Completed(Err(error)) => error,
            MonitorOutcome::Abandoned => return Err(Error::Interrupted),
        };
        self.roll_back(&while_running(step), &error).await?;
        if self.cancellation.is_canceled() {
            return Err(Error::Interrupted);
        }
        Err(self.script_error(step, &error, None, monitor, PartialEffects::None).await)
    }

    async fn in_transaction(
        &self,
        step: &Step,
        monitor: &SessionMonitor<'_>,
        notices: &NoticeCollector,
    ) -> Result<CommittedScript, StepError> {
        let started_at = Instant::now();
        let begin = async {
            let seeds = self.seed_tables(step).await?;
            anyhow::Ok((seeds, Transaction::begin(self.session, &step.script).await?))
        };
        let (seeds, transaction) = match monitor.observe_during(begin).await {
            Ok(begun) => begun,
            Err(error) => {
                self.ensure_same_session(&error).await?;
                self.roll_back(&while_running(step), &error).await?;
                return Err(StepError::Script(error, None, PartialEffects::None));
            }
        };
        let connection =
            ScriptConnection::new(self.script_log(), monitor, step, CommitUnit::Script);
        let script = async {
            notices.collect_during(call(step, &connection, Some(&transaction))).await?;
            let elapsed = started_at.elapsed();
            let losses = self.record(step, elapsed, seeds.as_ref(), &transaction).await?;
            Ok((elapsed, losses))
        };
        match monitor.run(script).await {
            MonitorOutcome::Completed(Ok((elapsed, seeds))) => {
                let lost = notices
                    .collect_during(self.commit(step, transaction, CommitUnit::Script))
                    .await?;
                Ok(CommittedScript { elapsed, seeds, lost })
            }
            MonitorOutcome::Completed(Err(error)) if is_protocol_error(&error) => {
                transaction.abandon();
                Err(self
                    .terminate_session(step, &error, monitor, PartialEffects::None)
                    .await
                    .into())
            }
            MonitorOutcome::Completed(Err(error)) => {
                let statement = connection.failed_statement();
                let ended = connection.ended_transaction();
                let partial_effects =
                    self.roll_back_script(&while_running(step), &error, transaction, ended).await?;
                Err(StepError::Script(error, statement, partial_effects))
            }
            MonitorOutcome::Abandoned => {
                transaction.abandon();
                Err(Error::Interrupted.into())
            }
        }
    }

    /// Fails if the error says that the session is no longer the one that acquired the runner lock.
    async fn ensure_same_session(&self, error: &anyhow::Error) -> Result<(), Error> {
        if error.is::<SessionChanged>() {
            let _ = self.session.execute("ROLLBACK").await;
            return Err(Error::OtherSession { server: self.session.options.url.server() });
        }
        Ok(())
    }

    /// Rolls back the script and returns the effects that remain. Effects may remain if the script ended its transaction
    /// itself: `sent_end` says whether it sent a statement that does so.
    async fn roll_back_script(
        &self,
        doing: &str,
        error: &anyhow::Error,
        transaction: Transaction,
        sent_end: bool,
    ) -> Result<PartialEffects, Error> {
        let ended_by_script = sent_end || transaction.was_ended_by_script(self.session).await;
        let id = transaction.id().to_owned();
        let rolled_back = transaction.rollback(self.session).await;
        self.restore_session(doing, error, rolled_back).await?;
        // A script whose last statement failed in a transaction that the script began after its own COMMIT still seems
        // to be in a transaction, so the server decides.
        let is_committed = ended_by_script || self.is_committed(&id).await?;
        Ok(if is_committed { PartialEffects::CommittedByScript } else { PartialEffects::None })
    }

    /// Commits the transaction. If the session is lost during COMMIT, finds out whether the transaction was committed.
    async fn commit(
        &self,
        step: &Step,
        transaction: Transaction,
        unit: CommitUnit,
    ) -> Result<Option<Error>, StepError> {
        let id = transaction.id().to_owned();
        let Err(error) = transaction.commit(self.session).await else {
            return Ok(None);
        };
        if !is_lost(&error) {
            // The COMMIT failed, for example because of a deferred constraint, and PostgreSQL has rolled the
            // transaction back.
            self.roll_back(&while_running(step), &error).await?;
            return Err(StepError::Script(error, None, PartialEffects::None));
        }
        let lost = |doing: String| Error::SessionLost { doing, reason: loss_message(&error) };
        let change = step.direction.change_text(&step.name);
        let (verb, consequence) = match (unit, step.direction) {
            (CommitUnit::Script, Direction::Up) => ("committed", "none of its changes remain"),
            (CommitUnit::Script, Direction::Down) => ("committed", "the script is still applied"),
            (CommitUnit::Statement, Direction::Up) => ("recorded", "the next run starts it again"),
            (CommitUnit::Statement, Direction::Down) => {
                ("recorded", "the same command starts it again")
            }
        };
        match self.commit_outcome(&id, step).await {
            CommitOutcome::Committed => Ok(Some(lost(format!("just after {change} was {verb}")))),
            CommitOutcome::RolledBack => {
                Err(lost(format!("before {change} was {verb}, so {consequence}")).into())
            }
            CommitOutcome::Unknown => {
                let (name, direction) = (step.name.clone(), step.direction);
                Err(Error::CommitUnknown { name, direction }.into())
            }
        }
    }

    async fn roll_back(&self, doing: &str, error: &anyhow::Error) -> Result<(), Error> {
        let rolled_back = self.session.execute("ROLLBACK").await.map(drop);
        self.restore_session(doing, error, rolled_back.map_err(Into::into)).await
    }

    /// Restores the session after a failure. Fails if that is impossible: the run has no lock without its session.
    async fn restore_session(
        &self,
        doing: &str,
        error: &anyhow::Error,
        rolled_back: anyhow::Result<()>,
    ) -> Result<(), Error> {
        match rolled_back {
            Ok(()) => {}
            // The error of the script says more than the error of the rollback.
            Err(_) if is_lost(error) => return Err(self.session_lost_error(doing, error)),
            Err(rolled_back) => return Err(self.session_lost_error(doing, &rolled_back)),
        }
        let reset = self.session.execute(self.reset.reset_session_sql()).await;
        reset.map_err(|error| self.session_lost_error(doing, &error.into()))?;
        // This query releases the advisory locks that the script took. Its answer is ignored, because the next write to
        // the history finds out whether the session still holds the runner lock.
        let release = format!("SELECT {}", self.lock.release_other_locks_sql());
        let _ = self.session.execute(release).await;
        Ok(())
    }

    /// Ends a session whose server waits for a message that the driver cannot send.
    async fn terminate_session(
        &self,
        step: &Step,
        error: &anyhow::Error,
        monitor: &SessionMonitor<'_>,
        partial_effects: PartialEffects,
    ) -> Error {
        self.session.abandon();
        monitor.terminate().await;
        self.script_error(step, error, None, monitor, partial_effects).await
    }

    fn session_lost_error(&self, doing: &str, error: &anyhow::Error) -> Error {
        if self.cancellation.is_canceled() {
            return Error::Interrupted;
        }
        Error::SessionLost { doing: doing.to_owned(), reason: loss_message(error) }
    }

    async fn script_error(
        &self,
        step: &Step,
        error: &anyhow::Error,
        statement: Option<String>,
        monitor: &SessionMonitor<'_>,
        partial_effects: PartialEffects,
    ) -> Error {
        let blocker = is_lock_error(error).then(|| monitor.blocker()).flatten();
        let explained = self.explain(step, error, statement.as_deref()).await;
        let options = &self.session.options;
        let mut error = ScriptError::new(step, error, statement, blocker, partial_effects, options);
        error.lifetime = options.lifetime;
        error.explain(explained);
        Error::Script(Box::new(error))
    }
}

/// Returns the text that names the script, or its revert, during which a session was lost.
fn while_running(step: &Step) -> String {
    format!("while {} ran", step.direction.change_text(&step.name))
}

/// Returns why the session was lost: the reason that the driver gives, or else the whole chain of errors.
fn loss_message(error: &anyhow::Error) -> String {
    driver_error(error).map_or_else(|| format!("{error:#}"), loss_reason)
}

/// Returns whether the server and the driver no longer agree on the state of the protocol, as after `COPY … FROM STDIN`
/// in a SeaORM file. In this state, the server waits for the driver and never answers.
fn is_protocol_error(error: &anyhow::Error) -> bool {
    matches!(driver_error(error), Some(sqlx::Error::Protocol(_)))
}

/// Returns whether the script could not get a lock, or was chosen as the victim of a deadlock.
fn is_lock_error(error: &anyhow::Error) -> bool {
    driver_error(error).is_some_and(retry::is_lock_error)
}
