//! Writes the histories and the log.

use std::time::Duration;

use seedbed_build::{Name, ScriptKind};
use seedbed_sql::quote_literal as literal;
use serde::Serialize;

use super::HistoryTables;
use crate::direction::Direction;
use crate::lock::LockKey;

/// The result that an entry of the log records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogResult {
    /// A script without a transaction starts.
    Started,
    /// The script was applied or reverted.
    Done,
    /// The script failed, and none of its effects remain.
    Failed,
    /// A script without a transaction failed or was canceled, and some of its effects may remain.
    Interrupted,
    /// A seed is pending again, since its table was dropped; the details name the table.
    Lost,
    /// A reverted migration renamed tables that an applied seed filled; the details list the tables of the seed.
    Renamed,
    /// A statement that commits by itself is about to run; the details store which objects existed before.
    Statement,
}

impl LogResult {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Lost => "lost",
            Self::Renamed => "renamed",
            Self::Statement => "statement",
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone)]
pub(crate) struct LogEntry {
    pub(crate) kind: ScriptKind,
    pub(crate) name: Name,
    pub(crate) direction: Direction,
    pub(crate) checksum: &'static str,
    pub(crate) elapsed: Duration,
    /// The details, as an SQL expression of type `jsonb`.
    pub(crate) details: Option<String>,
}

/// The condition under which a write to the history takes effect. The write must run in the session that holds the lock
/// and, for a script with a transaction, in the transaction of the script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WriteCondition<'g> {
    pub(crate) pid: i32,
    pub(crate) lock: LockKey,
    pub(crate) transaction: Option<&'g str>,
    pub(crate) locks: OtherLocks,
}

/// The treatment of the advisory locks that the session holds besides the lock of the runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherLocks {
    /// The session keeps them: they belong to the running script.
    Kept,
    /// The session releases them, so that the next script does not inherit them.
    Freed,
}

impl WriteCondition<'_> {
    fn as_sql(self) -> String {
        let locks = match self.locks {
            OtherLocks::Kept => self.lock.is_held_sql(),
            OtherLocks::Freed => self.lock.release_other_locks_sql(),
        };
        let session = format!("pg_backend_pid() = {} AND {locks}", self.pid);
        match self.transaction {
            Some(xid) => format!("{session} AND pg_current_xact_id_if_assigned() = '{xid}'"),
            None => session,
        }
    }
}

/// Returns the statement that records in the log and in the history that a script was applied or reverted. It affects one
/// row, or no row if the condition does not hold.
pub(crate) fn changed_sql(
    tables: &HistoryTables,
    entry: &LogEntry,
    result: LogResult,
    condition: WriteCondition<'_>,
) -> String {
    let history = tables.history(entry.kind);
    let name = literal(entry.name.as_str());
    let change = match entry.direction {
        Direction::Up => format!(
            "INSERT INTO {history} (version, applied_at) \
             SELECT {name}, extract(epoch FROM clock_timestamp())::bigint FROM logged"
        ),
        Direction::Down => format!("DELETE FROM {history} USING logged WHERE version = {name}"),
    };
    format!("WITH logged AS ({} RETURNING id) {change}", log_sql(tables, entry, result, condition))
}

/// Returns the value as an SQL expression of type `jsonb`, for the details of an entry.
pub(crate) fn json_sql(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(format!("{}::jsonb", literal(&serde_json::to_string(value)?)))
}

/// Returns the details that identify the session that writes an entry, as an SQL expression of type `jsonb`.
pub(crate) fn session_mark_sql(mark: u64) -> String {
    format!("'{{\"session\": \"{mark:016x}\"}}'::jsonb")
}

/// Returns the statement that adds an entry to the log. It affects one row, or no row if the condition does not hold.
pub(crate) fn log_sql(
    tables: &HistoryTables,
    entry: &LogEntry,
    result: LogResult,
    condition: WriteCondition<'_>,
) -> String {
    let duration = entry.elapsed.as_millis();
    format!(
        "INSERT INTO {} (kind, name, direction, result, checksum, started_at, duration_ms, role, \
         application, client, seedbed, details) \
         SELECT '{}', {}, '{}', '{}', '{}', clock_timestamp() - {duration} * interval '1 millisecond', \
         {duration}, session_user, current_setting('application_name'), host(inet_client_addr()), '{}', {} \
         WHERE {}",
        tables.log(),
        entry.kind.as_str(),
        literal(entry.name.as_str()),
        entry.direction.as_str(),
        result.as_str(),
        entry.checksum,
        env!("CARGO_PKG_VERSION"),
        entry.details.as_deref().unwrap_or("NULL::jsonb"),
        condition.as_sql()
    )
}

/// Returns the query for the id of the transaction in which the run of a script before the current one logged that it was
/// interrupted. The query returns no row if that run was killed, because a killed run logs nothing.
///
/// The newest `started` entry is that of the current run, so the entry before it is the last one of the earlier run.
pub(crate) fn interruption_sql(tables: &HistoryTables, entry: &LogEntry) -> String {
    let log = tables.log();
    let script =
        format!("kind = '{}' AND name = {}", entry.kind.as_str(), literal(entry.name.as_str()));
    format!(
        "SELECT xmin FROM {log} WHERE result = 'interrupted' AND id = (SELECT max(id) FROM {log} \
         WHERE {script} AND id < (SELECT max(id) FROM {log} WHERE {script} AND result = 'started'))"
    )
}

/// Returns the query for the details of the statements that a script has logged since it was last applied or reverted,
/// oldest first.
pub(crate) fn statement_details_sql(tables: &HistoryTables, entry: &LogEntry) -> String {
    let log = tables.log();
    let script =
        format!("kind = '{}' AND name = {}", entry.kind.as_str(), literal(entry.name.as_str()));
    format!(
        "SELECT details::text AS details FROM {log} WHERE {script} AND direction = '{}' \
         AND result = 'statement' \
         AND id > (SELECT coalesce(max(id), 0) FROM {log} WHERE {script} AND result = 'done') ORDER BY id",
        entry.direction.as_str()
    )
}
