//! Runs a script that has no transaction: logged as started first, recorded when it is done.

use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::Row as _;

use super::record::entry;
use super::seed_rows::SeedTables;
use super::{Apply, Done, Failed, call, is_out_of_step, met_lock, running};
use crate::error::{Error, LeftOpen, PartialEffects};
use crate::history::{LogResult, log_sql};
use crate::notices::Notices;
use crate::plan::Step;
use crate::retry::{Attempt, while_locked};
use crate::script;
use crate::script_connection::{ScriptConnection, Unit};
use crate::transaction::{Transaction, why_not_recorded};
use crate::watch::{Watch, Watched};

impl Apply<'_> {
    pub(super) async fn non_transactional(
        &self,
        step: &Step,
        watch: &Watch<'_>,
        notices: &Notices,
    ) -> Result<Done, Error> {
        let started_at = Instant::now();
        // Whatever happens to the server afterwards, the next run has to find that this script began.
        let started = format!(
            "{}{}",
            self.durability.synchronous_prefix(),
            log_sql(
                self.tables,
                &entry(step, Duration::ZERO),
                LogResult::Started,
                self.guard(None)
            )
        );
        let seeds = self.seed_tables(step).await?;
        self.write(step, watch, PartialEffects::None, async || {
            let written = self.session.execute(started.as_str()).await?.rows_affected();
            if written == 1 {
                return Ok(());
            }
            Err(why_not_recorded(self.session, None, self.lock).await)
        })
        .await?;
        let connection = ScriptConnection::new(self, watch, step, Unit::Statement);
        let run = async {
            let is_sea_orm = matches!(step.script.body, script::Body::SeaOrm(_));
            if is_sea_orm {
                connection.concurrent.prepare_sea_orm().await?;
            }
            notices.during(call(step, &connection, None)).await?;
            if is_sea_orm {
                connection.concurrent.ensure_sea_orm_left_no_invalid_index().await?;
            }
            Ok(())
        };
        let error = match watch.run(run).await {
            Watched::Ended(Ok(())) => {
                let elapsed = started_at.elapsed();
                return self.record_non_transactional(step, watch, elapsed, seeds.as_ref()).await;
            }
            Watched::Ended(Err(error)) => error,
            Watched::GivenUp => return Err(Error::Interrupted),
        };
        if is_out_of_step(&error) {
            return Err(self
                .out_of_step(step, &error, watch, PartialEffects::EarlierStatements)
                .await);
        }
        self.roll_back(&running(step), &error).await?;
        self.log(step, started_at.elapsed(), LogResult::Interrupted).await;
        if self.cancellation.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let statement = connection.failed_statement();
        Err(self.failed(step, &error, statement, watch, PartialEffects::EarlierStatements).await)
    }

    async fn record_non_transactional(
        &self,
        step: &Step,
        watch: &Watch<'_>,
        elapsed: Duration,
        seeds: Option<&SeedTables>,
    ) -> Result<Done, Error> {
        let partial_effects = PartialEffects::EarlierStatements;
        let (transaction, seeds) = self
            .write(step, watch, partial_effects, async || {
                self.ensure_nothing_is_open().await?;
                let transaction = Transaction::begin_own(self.session).await?;
                let losses = self.record(step, elapsed, seeds, &transaction).await?;
                Ok((transaction, losses))
            })
            .await?;
        match self.commit(step, transaction, Unit::Statement).await {
            Ok(lost) => Ok(Done { elapsed, seeds, lost }),
            Err(Failed::Run(error)) => Err(error),
            Err(Failed::Script(error, ..)) => {
                Err(self.failed(step, &error, None, watch, partial_effects).await)
            }
        }
    }

    /// Fails if the script began a transaction by itself and did not end it. Puts the settings back first: a transaction may
    /// begin read-only because of them.
    async fn ensure_nothing_is_open(&self) -> anyhow::Result<()> {
        let sql = format!(
            "{}; SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing",
            self.reset.settings_sql()
        );
        let nothing: bool = self.session.row(sql).await?.try_get("nothing")?;
        ensure!(nothing, LeftOpen);
        Ok(())
    }

    /// Writes to the history, again and again while a lock is in the way.
    async fn write<T>(
        &self,
        step: &Step,
        watch: &Watch<'_>,
        partial_effects: PartialEffects,
        write: impl AsyncFn() -> anyhow::Result<T>,
    ) -> Result<T, Error> {
        let attempt = || async {
            // Short, and the script is done: an interruption does not cancel it.
            let error = match watch.observing(write()).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let rolled_back = async {
                self.ensure_is_ours(&error).await?;
                self.roll_back(&format!("before {} was recorded", step.name), &error).await
            };
            if let Err(error) = rolled_back.await {
                return Err(Attempt::Failed(Failed::Run(error)));
            }
            let met_lock = met_lock(&error);
            let failed = Failed::Script(error, None, partial_effects);
            Err(if met_lock { Attempt::MetLock(failed) } else { Attempt::Failed(failed) })
        };
        match while_locked(watch, attempt).await {
            Ok(value) => Ok(value),
            Err(Failed::Run(error)) => Err(error),
            Err(Failed::Script(..)) if self.cancellation.is_cancelled() => Err(Error::Interrupted),
            Err(Failed::Script(error, ..)) => {
                self.log(step, Duration::ZERO, LogResult::Interrupted).await;
                Err(self.failed(step, &error, None, watch, partial_effects).await)
            }
        }
    }
}
