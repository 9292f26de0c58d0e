//! The tables of the history of applied scripts: `seaql_migrations`, `seaql_seeds`, and the log `seedbed_log`.
//!
//! The two histories have the columns and the meaning of SeaORM's table: a script is applied if it has a row. The append-only
//! log `seedbed_log` stores what has no column there: the role, the duration, the checksum, and scripts that were only
//! started.

mod read;
mod tables;
mod write;

use seedbed_build::ScriptKind;

pub(crate) use read::{
    AppliedTime, POLICIES, Recorded, applied_times, hiding_policies, lost_rows, read, recorded_by,
};
pub(crate) use tables::{HistoryTables, HistoryTablesError};
pub(crate) use write::{
    LogEntry, LogResult, OtherLocks, WriteCondition, changed_sql, interruption_sql, json_sql,
    log_sql, session_mark_sql, statement_details_sql,
};

/// Returns the name of the history table for the given kind.
pub(crate) const fn table(kind: ScriptKind) -> &'static str {
    match kind {
        ScriptKind::Migration => seedbed_sql::MIGRATION_HISTORY,
        ScriptKind::Seed => seedbed_sql::SEED_HISTORY,
    }
}

pub(crate) use seedbed_sql::LOG;
