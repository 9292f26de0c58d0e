//! Runs a script that has no transaction: logged as started first, recorded when it is done.

use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::Row as _;

use super::{Apply, Done, Failed, call, entry, running};
use crate::body::{Body, Unit};
use crate::error::{Error, LeftOpen, OtherSession, Remains};
use crate::history::{Guard, LogResult, log_sql};
use crate::plan::Step;
use crate::retry::Pauses;
use crate::script;
use crate::transaction::Transaction;
use crate::watch::{Watch, Watched};

impl Apply<'_> {
    pub(super) async fn alone(&self, step: &Step, watch: &Watch<'_>) -> Result<Done, Error> {
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        let guard = Guard { pid: self.session.facts.pid, transaction: None };
        let entries = [entry(step, Duration::ZERO)];
        let started = log_sql(self.session, &entries, LogResult::Started, guard);
        let log = async || {
            let written = self.session.execute(started.as_str()).await?;
            ensure!(written.rows_affected() == 1, OtherSession);
            Ok(())
        };
        self.patiently(step, watch, Remains::Nothing, log).await?;
        loop {
            let try_begun = Instant::now();
            let body = Body::new(self.session, watch, step, Unit::Statement);
            let error = match watch.run(call(step, &body, &Transaction::none())).await {
                Watched::Ended(Ok(())) => {
                    return self.record_alone(step, watch, try_begun.elapsed()).await;
                }
                Watched::Ended(Err(error)) => error,
                Watched::GivenUp => return Err(Error::Interrupted),
            };
            self.roll_back(&running(step), &error).await?;
            let pause = pauses.next();
            // Ours tries its statements one by one; one of SeaORM's has to repeat what it did before.
            let is_sea_orm = matches!(step.script.body, script::Body::SeaOrm(_));
            if is_sea_orm && !self.interrupt.came() && self.may_try_again(&error, begun, pause) {
                watch.retrying(&step.name, pause);
                watch.pause(pause).await?;
                continue;
            }
            self.log(step, try_begun.elapsed(), LogResult::Interrupted).await;
            if self.interrupt.came() {
                return Err(Error::Interrupted);
            }
            let statement = body.failed_statement();
            return Err(self.failed(step, &error, statement, watch, Remains::WhatCameBefore));
        }
    }

    async fn record_alone(
        &self,
        step: &Step,
        watch: &Watch<'_>,
        took: Duration,
    ) -> Result<Done, Error> {
        let remains = Remains::WhatCameBefore;
        let transaction = self
            .patiently(step, watch, remains, async || {
                self.has_nothing_open().await?;
                let transaction = Transaction::own(self.session).await?;
                self.record(step, took, &transaction).await.map(|()| transaction)
            })
            .await?;
        match self.commit(step, transaction, Unit::Statement).await {
            Ok(lost) => Ok(Done { took, lost }),
            Err(Failed::Run(error)) => Err(error),
            Err(Failed::Script(error, ..)) => Err(self.failed(step, &error, None, watch, remains)),
        }
    }

    /// Puts the settings back first: a transaction may begin read-only because of them.
    async fn has_nothing_open(&self) -> anyhow::Result<()> {
        let sql = format!(
            "{}; SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing",
            self.session.reset_sql()
        );
        let nothing: bool = self.session.row(sql).await?.try_get("nothing")?;
        ensure!(nothing, LeftOpen);
        Ok(())
    }

    /// Writes to the history, again and again while a lock is in the way.
    async fn patiently<T>(
        &self,
        step: &Step,
        watch: &Watch<'_>,
        remains: Remains,
        write: impl AsyncFn() -> anyhow::Result<T>,
    ) -> Result<T, Error> {
        let begun = Instant::now();
        let mut pauses = Pauses::new();
        loop {
            // Short, and the script is done: an interruption does not cancel it.
            let error = match watch.observing(write()).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            self.is_ours(&error).await?;
            self.roll_back(&format!("before {} was recorded", step.name), &error).await?;
            if self.interrupt.came() {
                return Err(Error::Interrupted);
            }
            let pause = pauses.next();
            if !self.may_try_again(&error, begun, pause) {
                self.log(step, Duration::ZERO, LogResult::Interrupted).await;
                return Err(self.failed(step, &error, None, watch, remains));
            }
            watch.retrying(&step.name, pause);
            watch.pause(pause).await?;
        }
    }

    async fn roll_back(&self, doing: &str, error: &anyhow::Error) -> Result<(), Error> {
        let undone = self.session.execute("ROLLBACK").await.map(drop);
        self.after_failure(doing, error, undone.map_err(Into::into)).await
    }
}
