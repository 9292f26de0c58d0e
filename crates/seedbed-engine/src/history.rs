//! Which scripts are applied: `seaql_migrations`, `seaql_seeds`, and the log beside them.
//!
//! The two histories keep SeaORM's shape and meaning: a row is an applied script, no row is none.
//! What SeaORM's table has no room for (who, how long, with which checksum, what was only started)
//! is in the append-only table `seedbed_log`.

mod read;

use std::collections::BTreeMap;
use std::time::Duration;

use seedbed_files::Kind;

use crate::Direction;
use crate::session::{Facts, Session};
use crate::sql::literal;

pub(crate) use read::{Time, read, times};

/// What the database knows of one script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryRow {
    /// Whether it is applied.
    pub applied: bool,
    /// The checksum that its file had then; `None` if the history is older than the log.
    pub checksum: Option<String>,
    /// The direction in which it was started without a transaction and never finished.
    pub interrupted: Option<Direction>,
}

/// What the database knows of all scripts of one kind, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The scripts that are applied or interrupted.
    pub rows: BTreeMap<String, HistoryRow>,
    /// Whether the log knows of none of the applied scripts: another tool has applied them.
    pub taken_over: bool,
}

impl History {
    /// Whether the script is applied.
    #[must_use]
    pub fn is_applied(&self, name: &str) -> bool {
        self.rows.get(name).is_some_and(|row| row.applied)
    }

    /// The names of the applied scripts, in their order.
    pub fn applied(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.rows.iter().filter(|(_, row)| row.applied).map(|(name, _)| name.as_str())
    }
}

/// Both histories, as one query sees them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histories {
    pub(crate) migrations: History,
    pub(crate) seeds: History,
}

impl Histories {
    pub(crate) fn of(&self, kind: Kind) -> &History {
        match kind {
            Kind::Migration => &self.migrations,
            Kind::Seed => &self.seeds,
        }
    }
}

/// The history's table of each kind.
pub(crate) const fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Migration => "seaql_migrations",
        Kind::Seed => "seaql_seeds",
    }
}

pub(crate) const LOG: &str = "seedbed_log";

/// Those of our tables that are there.
pub(crate) fn tables(facts: &Facts) -> Vec<String> {
    let tables = [
        (facts.has_migrations, table(Kind::Migration)),
        (facts.has_seeds, table(Kind::Seed)),
        (facts.has_log, LOG),
    ];
    tables.into_iter().filter(|(has, _)| *has).map(|(_, table)| table.to_owned()).collect()
}

/// Creates what is missing of our tables. Only ever sent by who has the lock, as two
/// `CREATE TABLE IF NOT EXISTS` at once may both find nothing and one of them fails.
pub(crate) fn create_sql(session: &Session, kind: Kind, facts: &Facts) -> Option<String> {
    let mut statements = Vec::new();
    if !facts.has(kind) {
        // As SeaORM's own `install` makes it.
        statements.push(format!(
            "CREATE TABLE {} (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
            session.table(table(kind))
        ));
    }
    if !facts.has_log {
        statements.push(format!(
            "CREATE TABLE {} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
             kind text NOT NULL, name text NOT NULL, direction text NOT NULL, result text NOT NULL, \
             checksum text NOT NULL, started_at timestamptz NOT NULL, duration_ms bigint NOT NULL, \
             role text NOT NULL, application text NOT NULL, client text, seedbed text NOT NULL)",
            session.table(LOG)
        ));
    }
    (!statements.is_empty()).then(|| statements.join("; "))
}

/// How an entry of the log ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogResult {
    /// A script without a transaction begins.
    Started,
    /// Applied or reverted.
    Done,
    /// Failed, and nothing of it remains.
    Failed,
    /// A script without a transaction ended before its end; some of it may remain.
    Interrupted,
}

impl LogResult {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) direction: Direction,
    pub(crate) checksum: &'static str,
    pub(crate) took: Duration,
}

/// Where a statement of the history may only take effect: this very session, and if it belongs to a
/// script's transaction, that very transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard<'g> {
    pub(crate) pid: i32,
    pub(crate) transaction: Option<&'g str>,
}

impl Guard<'_> {
    fn condition(self) -> String {
        match self.transaction {
            Some(xid) => format!(
                "pg_backend_pid() = {} AND pg_current_xact_id_if_assigned() = '{xid}'",
                self.pid
            ),
            None => format!("pg_backend_pid() = {}", self.pid),
        }
    }
}

/// Writes the rows of scripts that are done, and returns a row for each that was written.
pub(crate) fn done_sql(session: &Session, entries: &[Entry], guard: Guard<'_>) -> String {
    let mut statements = vec![log_sql(session, entries, LogResult::Done, guard)];
    let mut up: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let history = session.table(table(entry.kind));
        match entry.direction {
            Direction::Up => up.entry(table(entry.kind)).or_default().push(entry),
            Direction::Down => statements.push(format!(
                "DELETE FROM {history} WHERE version = {} AND {} RETURNING version",
                literal(&entry.name),
                guard.condition()
            )),
        }
    }
    for (history, entries) in up {
        let names: Vec<String> = entries.iter().map(|entry| literal(&entry.name)).collect();
        statements.push(format!(
            "INSERT INTO {} (version, applied_at) \
             SELECT version, extract(epoch FROM clock_timestamp())::bigint \
             FROM unnest(ARRAY[{}]) version WHERE {} RETURNING version",
            session.table(history),
            names.join(", "),
            guard.condition()
        ));
    }
    statements.join("; ")
}

/// Adds entries to the log.
pub(crate) fn log_sql(
    session: &Session,
    entries: &[Entry],
    result: LogResult,
    guard: Guard<'_>,
) -> String {
    let rows: Vec<String> = entries
        .iter()
        .map(|entry| {
            format!(
                "('{}', {}, '{}', '{}', {}::bigint)",
                entry.kind.as_str(),
                literal(&entry.name),
                entry.direction.as_str(),
                entry.checksum,
                entry.took.as_millis()
            )
        })
        .collect();
    format!(
        "INSERT INTO {} (kind, name, direction, result, checksum, started_at, duration_ms, role, \
         application, client, seedbed) \
         SELECT kind, name, direction, '{}', checksum, \
         clock_timestamp() - duration_ms * interval '1 millisecond', duration_ms, session_user, \
         current_setting('application_name'), host(inet_client_addr()), '{}' \
         FROM (VALUES {}) entry (kind, name, direction, checksum, duration_ms) WHERE {}",
        session.table(LOG),
        result.as_str(),
        env!("CARGO_PKG_VERSION"),
        rows.join(", "),
        guard.condition()
    )
}
