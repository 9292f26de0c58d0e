//! The runner: reads the history, plans, acquires the lock, reads and plans again, and applies.

mod history_access;
mod preflight;
mod repair;

use std::collections::{BTreeMap, HashMap};

use seedbed_build::{Name, ScriptKind};
use seedbed_config::Hint;
use sqlx::Row as _;

use crate::apply::Apply;
use crate::cancellation::Cancellation;
use crate::connect::DatabaseLifetime;
use crate::durability::Durability;
use crate::error::Error;
use crate::event::Events;
use crate::history::Histories;
use crate::history_store::{self, HistoryTables};
use crate::lock::{self, LockKey};
use crate::lost_rows::LostRows;
use crate::plan::{Plan, RunRequest, Step};
use crate::pooler;
use crate::report::RunReport;
use crate::script::{Project, Scripts};
use crate::session::Session;
use crate::session_reset::SessionReset;
use crate::status::{ScriptStatus, status};

pub use repair::{Repair, RepairedScript};

/// Runs the scripts of a project on one session.
///
/// ```text
/// planning ──(nothing to do)───────────────────────────► done, without a lock
///    │ something to do
///    ▼
/// waiting for the runner lock ──(canceled, lost, too long)─► error
///    │ locked
///    ▼
/// planning again ──(another runner has done it)────────► lock released, done
///    │ something to do
///    ▼
/// applying script by script ──(failed, canceled)──────► lock released, error and report
///    │ all committed
///    ▼
/// lock released, done
/// ```
pub struct Runner<'r> {
    session: &'r Session,
    migrations: Scripts,
    seeds: Scripts,
    events: Events<'r>,
    cancellation: Cancellation,
}

/// The error that ended a run, and the report of what the run did before.
///
/// This type is a [`std::error::Error`] whose source is [`error`](Self::error), so `?` converts it.
#[derive(Debug, thiserror::Error)]
#[error("the run failed{}", match report.done.len() {
    0 => String::new(),
    1 => " after 1 committed script".to_owned(),
    count => format!(" after {count} committed scripts"),
})]
pub struct RunFailure {
    /// The error that ended the run.
    #[source]
    pub error: Error,
    /// The scripts that the run applied or reverted before. All of them are committed.
    pub report: RunReport,
}

impl From<Error> for RunFailure {
    fn from(error: Error) -> Self {
        Self { error, report: RunReport::default() }
    }
}

impl<'r> Runner<'r> {
    /// Creates a runner on the given session. Reads nothing yet.
    ///
    /// # Errors
    /// Fails if two files of the project have the same name.
    pub fn new(
        session: &'r Session,
        project: &Project,
        events: Events<'r>,
        cancellation: Cancellation,
    ) -> Result<Self, Error> {
        let environment = &session.options.environment;
        Ok(Self {
            session,
            migrations: project.scripts(ScriptKind::Migration, environment)?,
            seeds: project.scripts(ScriptKind::Seed, environment)?,
            events,
            cancellation,
        })
    }

    /// Reads the state of every script of the given kind. Takes no lock, creates nothing, and needs no privilege except
    /// to read the history.
    ///
    /// # Errors
    /// Fails if the history cannot be read.
    pub async fn status(&self, kind: ScriptKind) -> Result<Vec<ScriptStatus>, Error> {
        let (tables, histories) = self.read_histories().await?;
        let read = || async {
            let times = history_store::applied_times(self.session, &tables, kind).await;
            times.map_err(Error::database("read the history"))
        };
        let times = self.access_history(read).await?;
        let mut scripts = status(self.scripts(kind), histories.for_kind(kind), &times);
        if kind == ScriptKind::Seed {
            let mut lost = self.lost_rows(&tables).await?;
            for script in scripts.iter_mut().filter(|script| script.applied_at.is_none()) {
                script.lost_rows = lost.remove(&script.name);
            }
        }
        Ok(scripts)
    }

    /// Reads the seeds of this environment that are pending again because a table with their rows was dropped, keyed by
    /// name. Takes no lock and creates nothing.
    ///
    /// # Errors
    /// Fails if the log cannot be read.
    pub async fn lost_seeds(&self) -> Result<BTreeMap<Name, LostRows>, Error> {
        let tables = self.history_tables().await?;
        let mut lost = self.lost_rows(&tables).await?;
        let lost_seed = |(name, _): (&Name, _)| lost.remove_entry(name);
        Ok(self.seeds.in_environment().filter_map(lost_seed).collect())
    }

    async fn lost_rows(&self, tables: &HistoryTables) -> Result<HashMap<Name, LostRows>, Error> {
        let read = || async {
            let lost = history_store::lost_rows(self.session, tables).await;
            lost.map_err(Error::database("read the log"))
        };
        self.access_history(read).await
    }

    /// Applies or reverts the scripts that the request selects, each exactly once with any number of runners. Takes no lock
    /// if there is nothing to do.
    ///
    /// # Errors
    /// Fails with the error that ended the run and the report of what was committed before.
    pub async fn run(
        &self,
        kind: ScriptKind,
        request: &RunRequest,
    ) -> Result<RunReport, RunFailure> {
        self.session.ensure_read_write()?;
        // If another session has locked the history tables, the query waits for the lock timeout, so it can be canceled.
        let (tables, histories) =
            self.cancellation.run_until_canceled(self.read_histories()).await??;
        let plan = self.plan_with(kind, request, &histories)?;
        if plan.steps.is_empty() {
            return Ok(self.report_with_warnings(&plan));
        }
        self.ensure_no_other_history(&tables, &histories).await?;
        let (lock, reset) = self.acquire_lock(&tables).await?;
        let result = self.run_locked(kind, request, lock, reset).await;
        // The lock is released after an error too, because the caller may go on with the session. If the session is lost,
        // so is the lock.
        lock::release(self.session, self.session.pid).await;
        result
    }

    /// Sets the session up for a change, and acquires the runner lock. The caller releases the lock.
    async fn acquire_lock(&self, tables: &HistoryTables) -> Result<(LockKey, SessionReset), Error> {
        // The check may wait for a second connection, so it can be canceled.
        let behind_pooler = self
            .cancellation
            .run_until_canceled(pooler::ensure_no_transaction_pooler(self.session, self.events))
            .await??;
        let set_up = async {
            self.session.ignore_notifications().await?;
            SessionReset::prepare(self.session, behind_pooler).await
        };
        let reset = set_up.await.map_err(Error::database("set up the session"))?;
        let lock = LockKey::for_schema(tables.schema());
        lock::acquire(self.session, lock, self.events, &self.cancellation).await?;
        Ok((lock, reset))
    }

    async fn run_locked(
        &self,
        kind: ScriptKind,
        request: &RunRequest,
        lock: LockKey,
        reset: SessionReset,
    ) -> Result<RunReport, RunFailure> {
        let (tables, histories) = self.read_histories().await?;
        let plan = self.plan_with(kind, request, &histories)?;
        let mut report = self.report_with_warnings(&plan);
        if plan.steps.is_empty() {
            // Another runner applied the scripts while this one waited.
            return Ok(report);
        }
        let durability = self.durability(&histories).await?;
        let reset = reset.with_durability(self.session, durability).await;
        let reset = reset.map_err(Error::database("set up the session"))?;
        let apply = Apply {
            session: self.session,
            scripts: self.scripts(kind),
            seeds: self.scripts(ScriptKind::Seed),
            tables: &tables,
            lock,
            reset: &reset,
            durability,
            events: self.events,
            cancellation: &self.cancellation,
        };
        let result = self.apply_steps(kind, &apply, &plan.steps, &mut report).await;
        match apply.make_durable(&mut report, result).await {
            Ok(()) => Ok(report),
            Err(error) => Err(RunFailure { error, report }),
        }
    }

    async fn apply_steps(
        &self,
        kind: ScriptKind,
        apply: &Apply<'_>,
        steps: &[Step],
        report: &mut RunReport,
    ) -> Result<(), Error> {
        self.create_tables(kind, apply.tables).await?;
        for step in steps {
            // The future of a script is large, and the stack of a test's thread is small.
            Box::pin(apply.step(step, report)).await?;
        }
        Ok(())
    }

    /// Creates the missing tables of the history. The session holds the runner lock.
    async fn create_tables(&self, kind: ScriptKind, tables: &HistoryTables) -> Result<(), Error> {
        let Some(sql) = tables.create_sql(kind) else {
            return Ok(());
        };
        let create = || async {
            let created = self.session.execute(sql.as_str()).await;
            created.map(drop).map_err(|error| self.create_tables_error(tables, error))
        };
        self.access_history(create).await
    }

    /// Chooses the durability of the commits of a run. On a database without history and tables, they need not wait for the
    /// disk one by one.
    async fn durability(&self, histories: &Histories) -> Result<Durability, Error> {
        if self.session.options.lifetime == DatabaseLifetime::Command {
            return Ok(Durability::NotNeeded);
        }
        if !histories.is_empty() {
            return Ok(Durability::EachCommit);
        }
        // Objects that initdb creates have an OID below 16384, which is FirstNormalObjectId in PostgreSQL's transam.h.
        let sql = format!(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_class \
            WHERE oid >= 16384 AND relkind IN ('r', 'p', 'm') AND relpersistence <> 't' \
            AND relname NOT IN ({})) AS has_tables",
            seedbed_sql::own_tables_sql()
        );
        let row = self.session.row(sql).await.map_err(Error::database("look for tables"))?;
        let has_tables = row.try_get("has_tables").map_err(Error::database("look for tables"))?;
        Ok(if has_tables { Durability::EachCommit } else { Durability::EndOfRun })
    }

    /// Creates a report with the warnings of the plan.
    fn report_with_warnings(&self, plan: &Plan) -> RunReport {
        let warnings = plan.warnings.iter().chain(&plan.notes);
        let warnings: BTreeMap<String, Hint> =
            warnings.map(|warning| (warning.to_string(), warning.report())).collect();
        RunReport { warnings: warnings.into_values().collect(), ..RunReport::default() }
    }

    fn scripts(&self, kind: ScriptKind) -> &Scripts {
        match kind {
            ScriptKind::Migration => &self.migrations,
            ScriptKind::Seed => &self.seeds,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::direction::Direction;
    use crate::report::Outcome;

    #[test]
    fn the_question_mark_converts_a_failed_run_with_its_source() {
        fn run(done: usize) -> anyhow::Result<()> {
            let outcome = Outcome {
                kind: ScriptKind::Migration,
                name: Name::from_static("m20250101_080000_create_users"),
                direction: Direction::Up,
                elapsed: Duration::ZERO,
            };
            let report = RunReport { done: vec![outcome; done], ..RunReport::default() };
            Err(RunFailure { error: Error::Interrupted, report })?
        }
        for (done, expected) in [
            (0, "the run failed: interrupted"),
            (1, "the run failed after 1 committed script: interrupted"),
            (2, "the run failed after 2 committed scripts: interrupted"),
        ] {
            let error = run(done).expect_err("the run failed");
            assert_eq!(format!("{error:#}"), expected);
            assert!(matches!(error.downcast_ref(), Some(RunFailure { .. })));
        }
    }
}
