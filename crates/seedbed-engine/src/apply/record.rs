//! Records in the history and in the log what happens to a script.

use std::time::Duration;

use seedbed_build::ScriptKind;
use sqlx::Row as _;

use super::Apply;
use super::seed_rows::{SeedLosses, SeedTables, WRITTEN_TABLES};
use crate::concurrently::LoggedStatement;
use crate::connect::reason;
use crate::direction::Direction;
use crate::event::Event;
use crate::history::{
    LogEntry, LogResult, OtherLocks, WriteCondition, changed_sql, json_sql, log_sql,
    session_mark_sql, statement_details_sql,
};
use crate::plan::Step;
use crate::transaction::{Transaction, unrecorded_error};

impl Apply<'_> {
    /// Records inside the transaction of a script that the script is done, and resets the session for the next script.
    pub(super) async fn record(
        &self,
        step: &Step,
        elapsed: Duration,
        seeds: Option<&SeedTables>,
        transaction: &Transaction,
    ) -> anyhow::Result<SeedLosses> {
        // In one message with the history where nothing has to be asked in between.
        let reset = self.reset.end_of_script_sql();
        let (losses, mut statements) = match seeds {
            None => (SeedLosses::default(), vec![reset]),
            Some(seeds) => {
                transaction.execute(self.session, reset).await?;
                (self.seed_losses(step, seeds, transaction).await?, Vec::new())
            }
        };
        let rows = 1 + losses.lost.len() as u64;
        statements.extend(self.done_statements(step, elapsed, &losses, transaction)?);
        let written = transaction.execute(self.session, statements.join("; ")).await?;
        if written == rows {
            return Ok(losses);
        }
        Err(unrecorded_error(self.session, Some(transaction), self.lock).await)
    }

    /// Returns the statements that record that a script is done and which seeds it made pending. Each of them affects one row.
    fn done_statements(
        &self,
        step: &Step,
        elapsed: Duration,
        losses: &SeedLosses,
        transaction: &Transaction,
    ) -> anyhow::Result<Vec<String>> {
        let locks = OtherLocks::Freed;
        let condition = WriteCondition { locks, ..self.write_condition(Some(transaction.id())) };
        let mut done = entry(step, elapsed);
        let is_applied_seed = step.kind == ScriptKind::Seed && step.direction == Direction::Up;
        let mark = session_mark_sql(self.session.mark);
        done.details = Some(if is_applied_seed && step.script.uses_transaction() {
            format!("{WRITTEN_TABLES} || {mark}")
        } else {
            mark
        });
        let mut statements = vec![changed_sql(self.tables, &done, LogResult::Done, condition)];
        for (seed, lost) in &losses.lost {
            let entry = LogEntry {
                kind: ScriptKind::Seed,
                name: seed.clone(),
                direction: Direction::Down,
                details: Some(json_sql(lost)?),
                ..entry(step, Duration::ZERO)
            };
            statements.push(changed_sql(self.tables, &entry, LogResult::Lost, condition));
        }
        // The log has just taken a number for its entry.
        statements.push("DISCARD SEQUENCES".to_owned());
        Ok(statements)
    }

    pub(super) fn write_condition<'g>(&self, transaction: Option<&'g str>) -> WriteCondition<'g> {
        let locks = OtherLocks::Kept;
        WriteCondition { pid: self.session.pid, lock: self.lock, transaction, locks }
    }

    /// Logs the result of a script that failed. A failure to log is reported as a warning, since the script is already rolled
    /// back and its error matters more.
    pub(super) async fn log(&self, step: &Step, elapsed: Duration, result: LogResult) {
        let sql = log_sql(self.tables, &entry(step, elapsed), result, self.write_condition(None));
        if let Err(error) = self.session.execute(sql).await {
            let message = format!("the failure could not be logged: {}", reason(&error));
            (self.events)(&Event::Warning { message: &message });
        }
    }

    /// Logs the state before a statement of the script first runs. Waits until the entry is on disk: after a crash of the
    /// server, the next run relies on it.
    pub(crate) async fn log_statement(
        &self,
        step: &Step,
        logged_statement: &LoggedStatement,
    ) -> Result<(), sqlx::Error> {
        let details =
            json_sql(logged_statement).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let entry = LogEntry { details: Some(details), ..entry(step, Duration::ZERO) };
        let sql = format!(
            "{}{}{}",
            self.durability.synchronous_prefix(),
            self.reset.as_runner_sql(),
            log_sql(self.tables, &entry, LogResult::Statement, self.write_condition(None))
        );
        if self.session.execute(sql).await?.rows_affected() == 1 {
            return Ok(());
        }
        let why = unrecorded_error(self.session, None, self.lock).await;
        Err(sqlx::Error::AnyDriverError(why.into()))
    }

    /// Returns what an interrupted run of the script logged about its statements, oldest first.
    pub(crate) async fn logged_statements(
        &self,
        step: &Step,
    ) -> Result<Vec<LoggedStatement>, sqlx::Error> {
        let sql = statement_details_sql(self.tables, &entry(step, Duration::ZERO));
        let rows = self.session.rows(format!("{}{sql}", self.reset.as_runner_sql())).await?;
        let mut logged = Vec::with_capacity(rows.len());
        for row in &rows {
            let details: &str = row.try_get("details")?;
            // What a later version writes and this one does not know says nothing to it.
            logged.extend(serde_json::from_str::<LoggedStatement>(details));
        }
        Ok(logged)
    }
}

/// Returns the entry of the log for a step.
pub(super) fn entry(step: &Step, elapsed: Duration) -> LogEntry {
    LogEntry {
        kind: step.kind,
        name: step.name.clone(),
        direction: step.direction,
        checksum: step.script.checksum,
        elapsed,
        details: None,
    }
}
