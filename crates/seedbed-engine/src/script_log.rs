//! The entries of the log that do not change the history: failed scripts, and the concurrent statements of scripts without
//! a transaction.

use std::time::Duration;

use sqlx::Row as _;

use crate::concurrent_statement::LoggedStatement;
use crate::durability::Durability;
use crate::event::{Event, Events};
use crate::history_store::{
    HistoryTables, LogEntry, LogResult, OtherLocks, WriteCondition, interruption_sql, json_sql,
    log_sql, statement_details_sql,
};
use crate::lock::LockKey;
use crate::plan::Step;
use crate::retry::is_lock_error;
use crate::session::Session;
use crate::session_info::blocked_by;
use crate::session_monitor::SessionMonitor;
use crate::session_reset::SessionReset;
use crate::transaction::unrecorded_error;
use seedbed_config::reason;

/// Writes to the log on the session that holds the lock.
#[derive(Clone, Copy)]
pub(crate) struct ScriptLog<'a> {
    pub(crate) session: &'a Session,
    pub(crate) tables: &'a HistoryTables,
    pub(crate) lock: LockKey,
    pub(crate) reset: &'a SessionReset,
    pub(crate) durability: Durability,
    pub(crate) events: Events<'a>,
}

impl ScriptLog<'_> {
    /// Returns the condition under which this session writes to the history.
    pub(crate) fn write_condition<'g>(&self, transaction: Option<&'g str>) -> WriteCondition<'g> {
        let locks = OtherLocks::Kept;
        WriteCondition { pid: self.session.pid, lock: self.lock, transaction, locks }
    }

    /// Logs the result of a script that failed. A failure to log is reported as a warning, since the script is already rolled
    /// back and its error matters more.
    pub(crate) async fn log_failure(
        &self,
        step: &Step,
        elapsed: Duration,
        result: LogResult,
        monitor: &SessionMonitor<'_>,
    ) {
        let sql = log_sql(self.tables, &entry(step, elapsed), result, self.write_condition(None));
        if let Err(error) = monitor.observe_during(self.session.execute(sql)).await {
            let blocker = monitor.blocker().filter(|_| is_lock_error(&error));
            let blocked_by = blocked_by(blocker.as_ref());
            let message = format!("failed to log the failure: {}{blocked_by}", reason(&error));
            (self.events)(&Event::Warning { message: &message });
        }
    }

    /// Logs, before a concurrent statement or a SeaORM file without a transaction runs, which of its objects exist (see
    /// [`LoggedStatement`]). The commit of the entry is synchronous, because the next run relies on it after a crash of the
    /// server.
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
        let why = unrecorded_error(self.session, None, self.lock, self.tables).await;
        Err(sqlx::Error::AnyDriverError(why.into()))
    }

    /// Returns the entries that the runs of the script logged about its statements since it was last applied or reverted,
    /// oldest first.
    pub(crate) async fn logged_statements(
        &self,
        step: &Step,
    ) -> Result<Vec<LoggedStatement>, sqlx::Error> {
        let sql = statement_details_sql(self.tables, &entry(step, Duration::ZERO));
        let rows = self.session.rows(format!("{}{sql}", self.reset.as_runner_sql())).await?;
        let mut logged = Vec::with_capacity(rows.len());
        for row in &rows {
            let details: &str = row.try_get("details")?;
            // This version ignores entries that a later version writes and that it does not know.
            logged.extend(serde_json::from_str::<LoggedStatement>(details));
        }
        Ok(logged)
    }

    /// Returns the query for the id of the transaction in which the last run of the script logged that it was interrupted.
    pub(crate) fn interruption_sql(&self, step: &Step) -> String {
        interruption_sql(self.tables, &entry(step, Duration::ZERO))
    }
}

/// Returns the entry of the log for a step.
pub(crate) fn entry(step: &Step, elapsed: Duration) -> LogEntry {
    LogEntry {
        kind: step.kind,
        name: step.name.clone(),
        direction: step.direction,
        checksum: step.script.checksum,
        elapsed,
        details: None,
    }
}
