//! Reads the histories.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use seedbed_build::{Name, ScriptKind};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::{HistoryTables, session_mark_sql};
use crate::direction::Direction;
use crate::history::{Histories, History, HistoryRow};
use crate::lost_rows::LostRows;
use crate::session::Session;
use seedbed_sql::quote_literal as literal;

/// Reads both histories. Takes no lock and creates nothing; a missing table counts as empty.
pub(crate) async fn read(
    session: &Session,
    tables: &HistoryTables,
) -> Result<Histories, sqlx::Error> {
    if tables.existing().is_empty() {
        return Ok(Histories::default());
    }
    // Without statistics, the server would sort rows that the index returns in order: 0.5 ms of 1.3 ms with 1,000
    // scripts.
    let settings = settings_sql(session);
    let sql = format!("{settings}SET LOCAL enable_sort = off; {}", read_sql(tables));
    let row = session.row(sql).await?;
    let lists: Result<Vec<&str>, sqlx::Error> = (0..row.len())
        .map(|index| row.try_get::<Option<&str>, _>(index).map(Option::unwrap_or_default))
        .collect();
    fold(&lists?).ok_or_else(|| {
        let tables = tables.existing().join(", ");
        sqlx::Error::Decode(format!("a row of {tables} has an unexpected format").into())
    })
}

/// Returns the settings of a query of the history, as a prefix of the query. They are for this query only, because a
/// pooler may hand the session on.
///
/// A policy that hides rows would make applied scripts look pending; with row_security = off, the server refuses the
/// query instead. The lock timeout is for tables that another session has locked.
fn settings_sql(session: &Session) -> String {
    let timeout = session.options.lock_timeout.as_millis();
    format!("SET LOCAL row_security = off; SET LOCAL lock_timeout = {timeout}; ")
}

/// The SQL expression that lists the row-level security policies of the catalog row `c` in words.
pub(crate) const POLICIES: &str = "\
    coalesce((SELECT string_agg('the policy `' || polname || '`', ', ' ORDER BY polname) \
    FROM pg_catalog.pg_policy WHERE polrelid = c.oid), 'row-level security without a policy')";

/// Returns the first table of the history that has row-level security for this role, and its policies in words.
pub(crate) async fn hiding_policies(
    session: &Session,
    tables: &HistoryTables,
) -> Result<(String, String), sqlx::Error> {
    let names: Vec<String> = tables.existing().iter().map(|name| literal(name)).collect();
    let sql = format!(
        "SELECT c.relname::text AS name, {POLICIES} AS policies \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE nspname = {} AND relname IN ({}) AND row_security_active(c.oid) ORDER BY 1 LIMIT 1",
        literal(tables.schema()),
        names.join(", ")
    );
    let row = session.row(sql).await?;
    Ok((row.try_get("name")?, row.try_get("policies")?))
}

/// The separator of two values of a list. No name contains it.
const NEXT: char = '\u{1e}';

/// Returns the query that reads each column as one text, which is the input of [`fold`]. Five texts cost the driver
/// less than 2,000 rows, and a join costs the server more than it costs this program. The most frequent code of an entry,
/// `mud`, is not concatenated, which saves the server time.
fn read_sql(tables: &HistoryTables) -> String {
    let list = |kind| match tables.has_history(kind) {
        true => format!("(SELECT string_agg(version, E'\\x1e') FROM {})", tables.history(kind)),
        false => "NULL".to_owned(),
    };
    let log = match tables.has_log() {
        true => format!(
            "string_agg(CASE WHEN (kind, direction, result) = ('migration', 'up', 'done') \
             THEN 'mud' ELSE left(kind, 1) || left(direction, 1) || left(result, 1) END, ''), \
             string_agg(name, E'\\x1e'), string_agg(checksum, E'\\x1e') \
             FROM (SELECT * FROM {} WHERE result <> 'statement' ORDER BY id) log",
            tables.log()
        ),
        false => "NULL, NULL, NULL".to_owned(),
    };
    format!("SELECT {}, {}, {log}", list(ScriptKind::Migration), list(ScriptKind::Seed))
}

/// Splits a list into its values. An empty list has none, although `split` returns one empty value.
fn values(list: &str) -> impl Iterator<Item = &str> {
    list.split(NEXT).take(if list.is_empty() { 0 } else { usize::MAX })
}

/// The state of one script according to its newest entries in the log.
#[derive(Default)]
struct LoggedScript<'l> {
    /// The checksum with which the script was applied, and the position of the entry. `None` if the script has been
    /// reverted since.
    applied: Option<(&'l str, usize)>,
    /// The direction in which the script was started after that entry and not finished.
    interrupted: Option<Direction>,
}

type Log<'l> = HashMap<&'l str, LoggedScript<'l>>;

/// Builds the histories from the lists of applied migrations and applied seeds, and from the log, which is given as its
/// codes, names and checksums.
fn fold(lists: &[&str]) -> Option<Histories> {
    let [migrations, seeds, codes, names, checksums] = lists else {
        return None;
    };
    let mut log = [Log::with_capacity(codes.len() / 3), Log::new()];
    fold_log(codes.as_bytes(), values(names), values(checksums), &mut log)?;
    let [migration_log, seed_log] = &log;
    Some(Histories {
        migrations: fold_one(migrations, migration_log),
        seeds: fold_one(seeds, seed_log),
    })
}

/// Reads the log, oldest entry first. The code of an entry consists of the first letters of its kind, direction and result.
/// Returns `None` if the lists do not have the same number of entries, or if a code is incomplete.
fn fold_log<'l>(
    codes: &[u8],
    mut names: impl Iterator<Item = &'l str>,
    mut checksums: impl Iterator<Item = &'l str>,
    [migrations, seeds]: &mut [Log<'l>; 2],
) -> Option<()> {
    for (place, code) in codes.chunks(3).enumerate() {
        let log = if code[0] == b's' { &mut *seeds } else { &mut *migrations };
        let logged = log.entry(names.next()?).or_default();
        let checksum = checksums.next()?;
        let (direction, result) = match code {
            [_, b'd', result] => (Direction::Down, result),
            [_, _, result] => (Direction::Up, result),
            _ => return None,
        };
        // The result is `done` or `lost`.
        if matches!(result, b'd' | b'l') {
            logged.applied = (direction == Direction::Up).then_some((checksum, place));
        }
        match result {
            // The result is `started` or `interrupted`.
            b's' | b'i' => logged.interrupted = Some(direction),
            // The result is `failed`: a script with a transaction was rolled back. If an earlier version of its file without
            // a transaction was interrupted, the effects of that one remain. Or it is `renamed`, which describes an applied
            // seed.
            b'f' | b'r' => {}
            _ => logged.interrupted = None,
        }
    }
    (names.next().is_none() && checksums.next().is_none()).then_some(())
}

/// Builds the history of one kind from the list of its applied scripts and from its log.
fn fold_one(names: &str, log: &Log<'_>) -> History {
    let row = |text: &str| {
        let name = Name::from(text.to_owned());
        let (checksum, applied_order) = log.get(text).and_then(|logged| logged.applied).unzip();
        let checksum = checksum.map(str::to_owned);
        (name, HistoryRow { applied: true, checksum, interrupted: None, applied_order })
    };
    let mut rows: BTreeMap<Name, HistoryRow> = values(names).map(row).collect();
    let imported = !rows.is_empty() && rows.values().all(|row| row.checksum.is_none());
    for (name, logged) in log {
        if logged.interrupted.is_some() {
            rows.entry(Name::from((*name).to_owned())).or_default().interrupted =
                logged.interrupted;
        }
    }
    History { rows, imported }
}

/// A script and the direction in which it ran.
pub(crate) type Recorded = (ScriptKind, Name, Direction);

/// Returns the scripts that the session with the given mark has recorded, queried on another connection. The log may be
/// missing, because a crash of the server may lose the transaction that created it.
pub(crate) async fn recorded_by(
    mark: u64,
    connection: &mut PgConnection,
    tables: &HistoryTables,
) -> Result<HashSet<Recorded>, sqlx::Error> {
    let log = tables.log();
    let exists = format!("SELECT to_regclass({}) IS NOT NULL", literal(&log));
    let row = connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(exists))).await?;
    if !row.try_get::<bool, _>(0)? {
        return Ok(HashSet::new());
    }
    let sql = format!(
        "SELECT kind = '{}' AS is_seed, name, direction = '{}' AS is_up FROM {log} \
         WHERE result = 'done' AND details @> {}",
        ScriptKind::Seed.as_str(),
        Direction::Up.as_str(),
        session_mark_sql(mark)
    );
    let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    let recorded = rows.iter().map(|row| {
        let kind = if row.try_get("is_seed")? { ScriptKind::Seed } else { ScriptKind::Migration };
        let direction = if row.try_get("is_up")? { Direction::Up } else { Direction::Down };
        Ok((kind, name(row, "name")?, direction))
    });
    recorded.collect()
}

fn name(row: &PgRow, column: &str) -> Result<Name, sqlx::Error> {
    row.try_get::<String, _>(column).map(Name::from)
}

/// Reads why seeds that were applied before are pending again, keyed by the names of the seeds.
pub(crate) async fn lost_rows(
    session: &Session,
    tables: &HistoryTables,
) -> Result<HashMap<Name, LostRows>, sqlx::Error> {
    if !tables.has_details() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "{}SELECT name, details::text AS details FROM (SELECT DISTINCT ON (name) name, result, details FROM {} \
         WHERE kind = 'seed' AND result IN ('done', 'lost') ORDER BY name, id DESC) newest WHERE result = 'lost'",
        settings_sql(session),
        tables.log()
    );
    let mut lost = HashMap::new();
    for row in session.rows(sql).await? {
        let details: &str = row.try_get("details")?;
        let rows =
            serde_json::from_str(details).map_err(|error| sqlx::Error::Decode(error.into()))?;
        lost.insert(name(&row, "name")?, rows);
    }
    Ok(lost)
}

/// The time at which a script was applied, and its duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AppliedTime {
    /// The seconds since 1970.
    pub(crate) applied_at: i64,
    /// The duration; `None` if the log does not know it.
    pub(crate) elapsed: Option<Duration>,
}

/// Reads the times of the applied scripts. No decision depends on them.
pub(crate) async fn applied_times(
    session: &Session,
    tables: &HistoryTables,
    kind: ScriptKind,
) -> Result<HashMap<Name, AppliedTime>, sqlx::Error> {
    if !tables.has_history(kind) {
        return Ok(HashMap::new());
    }
    let (duration, log) = match tables.has_log() {
        true => (
            "CASE log.direction WHEN 'up' THEN log.duration_ms END",
            format!(
                " LEFT JOIN (SELECT DISTINCT ON (name) name, direction, duration_ms FROM {} \
                 WHERE kind = '{}' AND result = 'done' ORDER BY name, id DESC) log \
                 ON log.name = version",
                tables.log(),
                kind.as_str()
            ),
        ),
        false => ("NULL::bigint", String::new()),
    };
    let history = tables.history(kind);
    let sql = format!(
        "{}SELECT version, applied_at::bigint, {duration} AS duration_ms FROM {history}{log}",
        settings_sql(session)
    );
    let rows = session.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let elapsed: Option<i64> = row.try_get("duration_ms")?;
            let elapsed = elapsed.map(|elapsed| Duration::from_millis(elapsed.unsigned_abs()));
            Ok((
                name(row, "version")?,
                AppliedTime { applied_at: row.try_get("applied_at")?, elapsed },
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds the histories from the applied migrations and from the entries of the log: code, name and checksum.
    fn folded(applied: &[&str], log: &[(&str, &str, &str)]) -> Option<Histories> {
        let list = |values: Vec<&str>| values.join("\u{1e}");
        let codes: String = log.iter().map(|(codes, ..)| *codes).collect();
        let names = list(log.iter().map(|(_, name, _)| *name).collect());
        let checksums = list(log.iter().map(|(.., checksum)| *checksum).collect());
        fold(&[&list(applied.to_vec()), "", &codes, &names, &checksums])
    }

    #[test]
    fn the_newest_entry_of_the_log_decides_the_state_of_a_script() {
        let log = [
            ("mud", "m1", "old"),
            ("mus", "m1", "old"),
            ("mdd", "m1", "old"),
            ("mud", "m1", "new"),
            ("mdd", "m2", "old"),
            ("sui", "m1", "x"),
            ("sui", "m3", "x"),
            ("suf", "m3", "x"),
        ];
        let Histories { migrations, seeds } = folded(&["m2", "m1"], &log).expect("well-formed");
        assert_eq!(migrations.rows["m1"].checksum.as_deref(), Some("new"));
        assert_eq!(migrations.rows["m1"].interrupted, None);
        assert_eq!(migrations.rows["m2"].checksum, None);
        assert!(!migrations.imported);
        assert_eq!(seeds.rows["m1"].interrupted, Some(Direction::Up));
        assert!(!seeds.rows["m1"].applied);
        assert_eq!(seeds.rows["m3"].interrupted, Some(Direction::Up));
    }

    #[test]
    fn lists_of_different_lengths_are_an_error() {
        assert!(folded(&["m1"], &[("mud", "m1\u{1e}m2", "x")]).is_none());
        assert!(folded(&["m1"], &[("mu", "m1", "x")]).is_none());
        assert!(folded(&["m1"], &[("mud", "m1", "x\u{1e}x")]).is_none());
    }
}
