//! The history of applied scripts: `seaql_migrations`, `seaql_seeds`, and the log `seedbed_log`.
//!
//! The two histories have the columns and the meaning of SeaORM's table: a script is applied if it has a row. The append-only
//! log `seedbed_log` stores what has no column there: the role, the duration, the checksum, and scripts that were only
//! started.

mod read;
mod tables;

use std::collections::BTreeMap;
use std::time::Duration;

use seedbed_build::{Name, ScriptKind};
use serde::Serialize;

use crate::direction::Direction;
use crate::lock::LockKey;
use seedbed_sql::quote_literal as literal;

pub(crate) use read::{
    AppliedTime, POLICIES, Recorded, applied_times, hiding_policies, lost_rows, read, recorded_by,
};
pub(crate) use tables::{HistoryTables, NoSchema};

/// The state of one script in the database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryRow {
    /// Whether the script is applied.
    pub applied: bool,
    /// The checksum of its file when it was applied; `None` if the history is older than the log.
    pub checksum: Option<String>,
    /// The direction in which the script was started without a transaction and never finished.
    pub interrupted: Option<Direction>,
    /// Its position in the order in which scripts were applied; `None` if the history is older than the log.
    pub applied_order: Option<usize>,
}

/// The states of all scripts of one kind in the database, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The scripts that are applied or interrupted.
    pub rows: BTreeMap<Name, HistoryRow>,
    /// Whether another tool applied the scripts, so that the log knows none of them.
    pub imported: bool,
}

impl History {
    /// Returns whether the script is applied.
    #[must_use]
    pub fn is_applied(&self, name: &Name) -> bool {
        self.rows.get(name).is_some_and(|row| row.applied)
    }

    /// Returns the name of the script that was applied last, if the log knows it.
    #[must_use]
    pub fn applied_last(&self) -> Option<&Name> {
        let applied =
            self.rows.iter().filter(|(_, row)| row.applied && row.applied_order.is_some());
        applied.max_by_key(|(_, row)| row.applied_order).map(|(name, _)| name)
    }

    /// Returns the names of the applied scripts, in ascending order.
    pub fn applied(&self) -> impl DoubleEndedIterator<Item = &Name> {
        self.rows.iter().filter(|(_, row)| row.applied).map(|(name, _)| name)
    }
}

/// Both histories, as one query reads them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histories {
    pub(crate) migrations: History,
    pub(crate) seeds: History,
}

impl Histories {
    /// Returns whether both histories are empty: nothing was ever applied, or everything was reverted.
    pub(crate) fn is_empty(&self) -> bool {
        self.migrations.rows.is_empty() && self.seeds.rows.is_empty()
    }

    pub(crate) fn for_kind(&self, kind: ScriptKind) -> &History {
        match kind {
            ScriptKind::Migration => &self.migrations,
            ScriptKind::Seed => &self.seeds,
        }
    }
}

/// Returns the name of the history table of that kind.
pub(crate) const fn table(kind: ScriptKind) -> &'static str {
    match kind {
        ScriptKind::Migration => "seaql_migrations",
        ScriptKind::Seed => "seaql_seeds",
    }
}

pub(crate) const LOG: &str = "seedbed_log";

/// How an entry of the log ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogResult {
    /// A script without a transaction starts.
    Started,
    /// Applied or reverted.
    Done,
    /// Failed, and nothing of it remains.
    Failed,
    /// A script without a transaction failed or was cancelled; a part of it may remain.
    Interrupted,
    /// A seed is pending again, since its table was dropped; the details name the table.
    Lost,
    /// A statement that commits by itself is about to run; the details store what exists before.
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

/// The condition under which a write to the history takes effect: it runs in the session that holds the lock and, for a
/// script with a transaction, in that transaction.
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
            OtherLocks::Freed => self.lock.is_only_lock_sql(),
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

/// The details of an entry that say which session wrote it.
pub(crate) fn session_mark_sql(mark: u64) -> String {
    format!("'{{\"session\": \"{mark:016x}\"}}'::jsonb")
}

/// Adds an entry to the log.
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

/// Returns the query for the details of the statements of a script that ran since the script was last done, oldest first.
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
