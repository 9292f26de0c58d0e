//! Which scripts are applied: `seaql_migrations`, `seaql_seeds`, and the log beside them.
//!
//! The two histories keep SeaORM's shape and meaning: a row is an applied script, no row is none.
//! What SeaORM's table has no room for (who, how long, with which checksum, what was only started)
//! is in the append-only table `seedbed_log`.

use std::collections::BTreeMap;
use std::time::Duration;

use seedbed_files::Kind;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::Direction;
use crate::session::{Facts, Session};
use crate::sql::literal;

/// What the database knows of one script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryRow {
    /// When it was applied, in seconds since 1970; `None` if it is not applied.
    pub applied_at: Option<i64>,
    /// The checksum that its file had then; `None` if the history is older than the log.
    pub checksum: Option<String>,
    /// How long it took.
    pub duration: Option<Duration>,
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
        self.rows.get(name).is_some_and(|row| row.applied_at.is_some())
    }

    /// The names of the applied scripts, in their order.
    pub fn applied(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.rows.iter().filter(|(_, row)| row.applied_at.is_some()).map(|(name, _)| name.as_str())
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

    fn of_mut(&mut self, kind: &str) -> &mut History {
        if kind == Kind::Seed.as_str() { &mut self.seeds } else { &mut self.migrations }
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

/// Reads both histories. Takes no lock and creates nothing: a table that is not there is empty.
pub(crate) async fn read(session: &Session, facts: &Facts) -> Result<Histories, sqlx::Error> {
    match read_sql(session, facts) {
        // Somebody may have locked them. Only for this statement: a pooler may hand the session on.
        Some(sql) => {
            let timeout = session.options.lock_timeout.as_millis();
            let sql = format!("SET LOCAL lock_timeout = {timeout}; {sql}");
            fold(&session.rows(sql).await?)
        }
        None => Ok(Histories::default()),
    }
}

/// The rows of both histories, and behind them of each script the newest entry of the log that says
/// `done` and the newest that does not; joining them here costs a third of what the server takes.
fn read_sql(session: &Session, facts: &Facts) -> Option<String> {
    let applied = |kind: Kind| {
        format!(
            "SELECT '{}' AS kind, version AS name, applied_at, NULL::bigint AS id, \
             NULL::text AS direction, NULL::text AS result, NULL::text AS checksum, \
             NULL::bigint AS duration_ms FROM {}",
            kind.as_str(),
            session.table(table(kind))
        )
    };
    let mut parts = Vec::new();
    if facts.has_migrations {
        parts.push(applied(Kind::Migration));
    }
    if facts.has_seeds {
        parts.push(applied(Kind::Seed));
    }
    if facts.has_log {
        parts.push(format!(
            "(SELECT DISTINCT ON (kind COLLATE \"C\", name COLLATE \"C\", result = 'done') \
             kind, name, NULL::bigint AS applied_at, id, direction, result, checksum, duration_ms \
             FROM {} ORDER BY kind COLLATE \"C\", name COLLATE \"C\", result = 'done', id DESC)",
            session.table(LOG)
        ));
    }
    (!parts.is_empty()).then(|| parts.join(" UNION ALL "))
}

/// What the newest entries of the log say of one script.
#[derive(Default)]
struct Logged {
    /// Applied or reverted: number, direction, checksum, duration.
    done: Option<(i64, Direction, String, Duration)>,
    /// Begun, failed or interrupted: number, direction, result.
    not_done: Option<(i64, Direction, String)>,
}

impl Logged {
    /// The direction in which the script was begun and never finished.
    fn interrupted(&self) -> Option<Direction> {
        let (id, direction, result) = self.not_done.as_ref()?;
        let later = self.done.as_ref().is_none_or(|(done, ..)| id > done);
        (later && matches!(result.as_str(), "started" | "interrupted")).then_some(*direction)
    }
}

fn fold(rows: &[PgRow]) -> Result<Histories, sqlx::Error> {
    let mut histories = Histories::default();
    let mut log: BTreeMap<(String, String), Logged> = BTreeMap::new();
    for row in rows {
        let (kind, name): (String, String) = (row.try_get("kind")?, row.try_get("name")?);
        let Some(id) = row.try_get::<Option<i64>, _>("id")? else {
            let applied_at = row.try_get("applied_at")?;
            let row = HistoryRow { applied_at, ..HistoryRow::default() };
            histories.of_mut(&kind).rows.insert(name, row);
            continue;
        };
        let direction = match row.try_get("direction")? {
            "down" => Direction::Down,
            _ => Direction::Up,
        };
        let logged = log.entry((kind, name)).or_default();
        let result: &str = row.try_get("result")?;
        if result == "done" {
            let took = Duration::from_millis(row.try_get::<i64, _>("duration_ms")?.unsigned_abs());
            logged.done = Some((id, direction, row.try_get("checksum")?, took));
        } else {
            logged.not_done = Some((id, direction, result.to_owned()));
        }
    }
    for ((kind, name), logged) in log {
        let rows = &mut histories.of_mut(&kind).rows;
        let interrupted = logged.interrupted();
        if interrupted.is_some() {
            rows.entry(name.clone()).or_default().interrupted = interrupted;
        }
        if let (Some(row), Some((_, Direction::Up, checksum, took))) =
            (rows.get_mut(&name), logged.done)
            && row.applied_at.is_some()
        {
            row.checksum = Some(checksum);
            row.duration = Some(took);
        }
    }
    for history in [&mut histories.migrations, &mut histories.seeds] {
        let applied = || history.rows.values().filter(|row| row.applied_at.is_some());
        history.taken_over = applied().count() > 0 && applied().all(|row| row.checksum.is_none());
    }
    Ok(histories)
}

/// Creates what is missing of our tables. Only ever sent by who has the lock, as two
/// `CREATE TABLE IF NOT EXISTS` at once may both find nothing and one of them fails.
pub(crate) fn create_sql(session: &Session, kind: Kind, facts: &Facts) -> Option<String> {
    let mut statements = Vec::new();
    let has_history = match kind {
        Kind::Migration => facts.has_migrations,
        Kind::Seed => facts.has_seeds,
    };
    if !has_history {
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
             role text NOT NULL DEFAULT session_user, \
             application text NOT NULL DEFAULT current_setting('application_name'), \
             client text DEFAULT host(inet_client_addr()), seedbed text NOT NULL)",
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
        "INSERT INTO {} (kind, name, direction, result, checksum, started_at, duration_ms, seedbed) \
         SELECT kind, name, direction, '{}', checksum, \
         clock_timestamp() - duration_ms * interval '1 millisecond', duration_ms, '{}' \
         FROM (VALUES {}) entry (kind, name, direction, checksum, duration_ms) WHERE {}",
        session.table(LOG),
        result.as_str(),
        env!("CARGO_PKG_VERSION"),
        rows.join(", "),
        guard.condition()
    )
}
