//! Runs a script without a transaction: logs its start, and records it when it is done.

use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::Row as _;

use super::seed_rows::SeedTables;
use super::{
    Apply, CommittedScript, StepError, call, is_lock_error, is_protocol_error, while_running,
};
use crate::error::{Error, PartialEffects, TransactionLeftOpen};
use crate::history_store::{LogResult, log_sql};
use crate::notices::NoticeCollector;
use crate::plan::Step;
use crate::retry::{AttemptError, retry_on_lock};
use crate::script;
use crate::script_connection::{CommitUnit, ScriptConnection};
use crate::script_log::entry;
use crate::session_monitor::{MonitorOutcome, SessionMonitor};
use crate::transaction::{Transaction, unrecorded_error};

impl Apply<'_> {
    pub(super) async fn non_transactional(
        &self,
        step: &Step,
        monitor: &SessionMonitor<'_>,
        notices: &NoticeCollector,
    ) -> Result<CommittedScript, Error> {
        let started_at = Instant::now();
        // The next run must find this entry even after a crash of the server, so its commit is synchronous in a run whose
        // other commits are not.
        let started = format!(
            "{}{}",
            self.durability.synchronous_prefix(),
            log_sql(
                self.tables,
                &entry(step, Duration::ZERO),
                LogResult::Started,
                self.script_log().write_condition(None)
            )
        );
        let start = async || {
            let seeds = self.seed_tables(step).await?;
            let written = self.session.execute(started.as_str()).await?.rows_affected();
            if written == 1 {
                return Ok(seeds);
            }
            Err(unrecorded_error(self.session, None, self.lock, self.tables).await)
        };
        let seeds = self.write_with_retry(step, monitor, PartialEffects::None, start).await?;
        let connection =
            ScriptConnection::new(self.script_log(), monitor, step, CommitUnit::Statement);
        let run = async {
            let is_sea_orm = matches!(step.script.definition, script::ScriptDefinition::SeaOrm(_));
            if step.resumes_interrupted {
                Box::pin(connection.concurrent.clean_up_interrupted_run()).await?;
            }
            if is_sea_orm {
                connection.concurrent.prepare_sea_orm().await?;
            }
            notices.collect_during(call(step, &connection, None)).await?;
            if is_sea_orm {
                connection.concurrent.ensure_sea_orm_left_no_invalid_index().await?;
            }
            Ok(())
        };
        let error = match monitor.run(run).await {
            MonitorOutcome::Completed(Ok(())) => {
                let elapsed = started_at.elapsed();
                return self.record_non_transactional(step, monitor, elapsed, seeds.as_ref()).await;
            }
            MonitorOutcome::Completed(Err(error)) => error,
            MonitorOutcome::Abandoned => return Err(Error::Interrupted),
        };
        if is_protocol_error(&error) {
            return Err(self
                .terminate_session(step, &error, monitor, PartialEffects::EarlierStatements)
                .await);
        }
        self.roll_back(&while_running(step), &error).await?;
        self.script_log()
            .log_failure(step, started_at.elapsed(), LogResult::Interrupted, monitor)
            .await;
        if self.cancellation.is_canceled() {
            return Err(Error::Interrupted);
        }
        let statement = connection.failed_statement();
        Err(self
            .script_error(step, &error, statement, monitor, PartialEffects::EarlierStatements)
            .await)
    }

    async fn record_non_transactional(
        &self,
        step: &Step,
        monitor: &SessionMonitor<'_>,
        elapsed: Duration,
        seeds: Option<&SeedTables>,
    ) -> Result<CommittedScript, Error> {
        let partial_effects = PartialEffects::EarlierStatements;
        let (transaction, seeds) = self
            .write_with_retry(step, monitor, partial_effects, async || {
                self.ensure_no_open_transaction().await?;
                let transaction = Transaction::begin_own(self.session).await?;
                let losses = self.record(step, elapsed, seeds, &transaction).await?;
                Ok((transaction, losses))
            })
            .await?;
        match self.commit(step, transaction, CommitUnit::Statement).await {
            Ok(lost) => Ok(CommittedScript { elapsed, seeds, lost }),
            Err(StepError::Run(error)) => Err(error),
            Err(StepError::Script(error, ..)) => {
                Err(self.script_error(step, &error, None, monitor, partial_effects).await)
            }
        }
    }

    /// Fails if the script began a transaction itself, changed something in it, and did not end it. A transaction has an id
    /// as soon as it changes something.
    ///
    /// Restores the settings first, because with the settings of the script, the transaction that records the script might
    /// be read-only.
    async fn ensure_no_open_transaction(&self) -> anyhow::Result<()> {
        let sql = format!(
            "{}; SELECT pg_current_xact_id_if_assigned() IS NULL AS has_no_id",
            self.reset.settings_sql()
        );
        let has_no_id: bool = self.session.row(sql).await?.try_get("has_no_id")?;
        ensure!(has_no_id, TransactionLeftOpen);
        Ok(())
    }

    /// Writes to the history or the log. Retries while the write cannot get a lock. If the write fails,
    /// `partial_effects` says which effects of the script remain.
    async fn write_with_retry<T>(
        &self,
        step: &Step,
        monitor: &SessionMonitor<'_>,
        partial_effects: PartialEffects,
        write: impl AsyncFn() -> anyhow::Result<T>,
    ) -> Result<T, Error> {
        let attempt = || async {
            // The write is short, and no statement of the script is running, so an interruption does not cancel the write.
            let error = match monitor.observe_during(write()).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let rolled_back = async {
                self.ensure_same_session(&error).await?;
                let change = step.direction.change_text(&step.name);
                self.roll_back(&format!("before {change} was recorded"), &error).await
            };
            if let Err(error) = rolled_back.await {
                return Err(AttemptError::Permanent(StepError::Run(error)));
            }
            let is_lock_error = is_lock_error(&error);
            let failed = StepError::Script(error, None, partial_effects);
            Err(if is_lock_error {
                AttemptError::Lock(failed)
            } else {
                AttemptError::Permanent(failed)
            })
        };
        match retry_on_lock(monitor, attempt).await {
            Ok(value) => Ok(value),
            Err(StepError::Run(error)) => Err(error),
            Err(StepError::Script(..)) if self.cancellation.is_canceled() => {
                Err(Error::Interrupted)
            }
            Err(StepError::Script(error, ..)) => {
                self.script_log()
                    .log_failure(step, Duration::ZERO, LogResult::Interrupted, monitor)
                    .await;
                Err(self.script_error(step, &error, None, monitor, partial_effects).await)
            }
        }
    }
}
