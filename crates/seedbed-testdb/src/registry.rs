//! The registry consists of tables in the server's database `postgres` that list each database of this crate before it
//! is created.
//!
//! Each process that uses the server reads and writes the registry. An instance is in one of these states:
//!
//! ```text
//!            insert                       record_reset (free)
//!  absent ─────────────► owned, not ready ──────────────────────► free: ready, no owner
//!    ▲                     │   │   │   ▲                             │          ▲
//!    │    drop_database    │   │   │   └─────────── claim ───────────┘          │
//!    ├─────────────────────┘   │   │                                            │
//!    │                         │   └─► reserved: owned, not ready ── mark_free ─┘
//!    │                         │       record_reset (reserved)
//!    │                         │ keep
//!    │    after seven days     ▼
//!    └──────────────────────  kept: no owner, no template
//! ```
//!
//! A reserved instance equals its template, as a free one does, but stays with its process. When the next test of that
//! process uses it, no row of the registry changes.

pub(crate) mod database_settings;

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::instance::SESSION_END_TIMEOUT;
use crate::reset::{StatsSnapshot, TableData};

/// The number of free instances of a template that are kept.
const MAX_FREE_INSTANCES: i64 = 16;

/// The statements that create the tables, or add the columns that an earlier version of this crate did not have.
///
/// Checkouts with different versions of this crate can share a server, so no column is ever renamed. The column `era`
/// holds [`StatsSnapshot::epoch`], and the column `pristine` holds a
/// [`TemplateSnapshot`](crate::reset::TemplateSnapshot).
const TABLES: &str = "\
    CREATE SCHEMA IF NOT EXISTS seedbed_testdb; \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.databases (\
    name text PRIMARY KEY, owner bigint, ready boolean NOT NULL DEFAULT false, \
    used_at timestamptz NOT NULL DEFAULT now()); \
    ALTER TABLE seedbed_testdb.databases ADD COLUMN IF NOT EXISTS template text, \
    ADD COLUMN IF NOT EXISTS uses int NOT NULL DEFAULT 0, \
    ADD COLUMN IF NOT EXISTS counters bigint[], ADD COLUMN IF NOT EXISTS era text, \
    ADD COLUMN IF NOT EXISTS suspected_at timestamptz; \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.templates (\
    name text PRIMARY KEY REFERENCES seedbed_testdb.databases ON DELETE CASCADE, \
    pristine text NOT NULL); \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.contents (\
    template text NOT NULL REFERENCES seedbed_testdb.templates ON DELETE CASCADE, \
    relation bigint NOT NULL, rows bytea NOT NULL, PRIMARY KEY (template, relation))";

/// The key of the lock under which the tables are created. Without it, two processes could both pass `IF NOT EXISTS`.
const CREATE_TABLES_LOCK: i64 = 0x5eed_bed0_7e57_db00;

const INSTANCE_PREFIX: &str = "seedbed_test_";
const TEMPLATE_PREFIX: &str = "seedbed_template_";

/// Returns a new, unique name for an instance.
pub(crate) fn new_instance_name() -> String {
    format!("{INSTANCE_PREFIX}{}", uuid::Uuid::new_v4().simple())
}

/// Returns the name of the template with the given fingerprint.
pub(crate) fn template_name(fingerprint: &str) -> String {
    format!("{TEMPLATE_PREFIX}{fingerprint}")
}

/// Returns whether only this crate generates such a name. No other database is dropped, even if the registry lists it.
fn is_generated_name(name: &str) -> bool {
    let rest = name.strip_prefix(INSTANCE_PREFIX).or_else(|| name.strip_prefix(TEMPLATE_PREFIX));
    rest.is_some_and(|rest| {
        rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Creates the tables of the registry, unless the server has all of them.
pub(crate) async fn create_tables(admin: &mut PgConnection) -> Result<(), sqlx::Error> {
    let exist = "SELECT to_regclass('seedbed_testdb.contents') IS NOT NULL AND EXISTS (SELECT FROM \
        pg_attribute WHERE attrelid = to_regclass('seedbed_testdb.databases') AND attname = 'suspected_at') \
        AS exist";
    if admin.fetch_one(exist).await?.try_get("exist")? {
        return Ok(());
    }
    let sql =
        format!("BEGIN; SELECT pg_advisory_xact_lock({CREATE_TABLES_LOCK}); {TABLES}; COMMIT");
    admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}

/// Lists a database that is about to be created.
///
/// `provenance` is the template of an instance and the statistics that the clone will have. It is `None` for a template and
/// for an empty database.
pub(crate) async fn insert(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
    provenance: Option<(&str, &StatsSnapshot)>,
) -> Result<(), sqlx::Error> {
    let (template, baseline) = provenance.unzip();
    let (counters, epoch) = baseline.map(|stats| (&stats.counters, &stats.epoch)).unzip();
    let sql = "INSERT INTO seedbed_testdb.databases (name, owner, template, counters, era) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ready = false, used_at = now()";
    let insert = sqlx::query(sql).bind(name).bind(owner).bind(template).bind(counters).bind(epoch);
    insert.execute(admin).await.map(drop)
}

/// Records that a template is finished, together with its snapshot and its rows. No process owns it anymore.
pub(crate) async fn finish_template(
    admin: &mut PgConnection,
    name: &str,
    snapshot: &str,
    table_data: &[TableData],
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO seedbed_testdb.templates (name, pristine) VALUES ($1, $2)";
    sqlx::query(sql).bind(name).bind(snapshot).execute(&mut *admin).await?;
    for TableData { table, rows } in table_data {
        let sql =
            "INSERT INTO seedbed_testdb.contents (template, relation, rows) VALUES ($1, $2, $3)";
        let insert = sqlx::query(sql).bind(name).bind(i64::from(*table)).bind(rows);
        insert.execute(&mut *admin).await?;
    }
    // This step is the last one, because a template is used as soon as it is ready.
    let sql = "UPDATE seedbed_testdb.databases SET ready = true, owner = NULL, used_at = now() \
        WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Returns the snapshot of a template, and records the use of the template. Returns `None` if the template is not
/// finished or does not exist.
pub(crate) async fn snapshot_for_use(
    admin: &mut PgConnection,
    name: &str,
) -> Result<Option<String>, sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases d SET used_at = now() \
        FROM seedbed_testdb.templates t WHERE d.name = $1 AND d.ready AND t.name = d.name \
        AND EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1) RETURNING t.pristine";
    sqlx::query_scalar(sql).bind(name).fetch_optional(admin).await
}

/// Returns the rows that a template has in its tables.
pub(crate) async fn load_table_data(
    admin: &mut PgConnection,
    template: &str,
) -> Result<Vec<TableData>, sqlx::Error> {
    let sql = "SELECT relation::oid AS oid, rows FROM seedbed_testdb.contents WHERE template = $1";
    let rows = sqlx::query(sql).bind(template).fetch_all(admin).await?;
    let table_data = rows.iter().map(|row| {
        let Oid(table) = row.try_get("oid")?;
        Ok(TableData { table, rows: row.try_get("rows")? })
    });
    table_data.collect()
}

/// A request for a free instance.
pub(crate) struct Claim<'c> {
    pub(crate) owner: i64,
    pub(crate) template: &'c str,
    /// Restricts the claim to the instance with this name, if its number of uses is still this one.
    pub(crate) name_and_uses: Option<(&'c str, i32)>,
    /// The names of instances that must not be claimed.
    pub(crate) excluded: &'c [String],
}

/// A free instance that this process now owns.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ClaimedInstance {
    pub(crate) name: String,
    /// The number of tests that have used the instance.
    pub(crate) uses: i32,
    /// The statistics when the instance last equaled its template.
    pub(crate) baseline: StatsSnapshot,
}

impl Claim<'_> {
    /// Claims a matching instance, or returns `None` if no instance is free.
    pub(crate) async fn execute(
        &self,
        admin: &mut PgConnection,
    ) -> Result<Option<ClaimedInstance>, sqlx::Error> {
        let sql = "UPDATE seedbed_testdb.databases SET owner = $1, ready = false, used_at = now(), \
            suspected_at = NULL WHERE name = (SELECT name FROM seedbed_testdb.databases \
            WHERE template = $2 AND ready AND owner IS NULL AND name <> ALL ($3) \
            AND ($4 IS NULL OR name = $4 AND uses = $5) LIMIT 1 FOR UPDATE SKIP LOCKED) \
            RETURNING name, uses, counters, coalesce(era, '') AS epoch";
        let (name, uses) = self.name_and_uses.unzip();
        let claim = sqlx::query(sql).bind(self.owner).bind(self.template).bind(self.excluded);
        let row = claim.bind(name).bind(uses).fetch_optional(admin).await?;
        row.map(|row| {
            let (counters, epoch) = (row.try_get("counters")?, row.try_get("epoch")?);
            Ok(ClaimedInstance {
                name: row.try_get("name")?,
                uses: row.try_get("uses")?,
                baseline: StatsSnapshot { counters, epoch },
            })
        })
        .transpose()
    }
}

/// The processes that may use an instance that was reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    /// Any process may claim the instance.
    Free,
    /// The instance stays with its owner, which has more tests for it.
    Reserved,
}

/// Records that an instance equals its template again. Returns false if the template no longer exists.
pub(crate) async fn record_reset(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
    baseline: &StatsSnapshot,
    availability: Availability,
) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = CASE WHEN NOT $5 THEN owner END, \
        ready = $5, uses = uses + 1, counters = $2, era = $3, used_at = now() \
        WHERE name = $1 AND owner = $4 \
        AND EXISTS (SELECT FROM seedbed_testdb.templates t WHERE t.name = template)";
    let StatsSnapshot { counters, epoch } = baseline;
    let update = sqlx::query(sql).bind(name).bind(counters).bind(epoch).bind(owner);
    let update = update.bind(availability == Availability::Free).execute(admin).await?;
    Ok(update.rows_affected() == 1)
}

/// Lets any process claim the reserved instances with the given names.
pub(crate) async fn mark_free(
    admin: &mut PgConnection,
    names: &[String],
    owner: i64,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = NULL, ready = true \
        WHERE name = ANY ($1) AND owner = $2";
    sqlx::query(sql).bind(names).bind(owner).execute(admin).await.map(drop)
}

/// Returns whether a template has more free instances than the limit.
pub(crate) async fn has_excess_free(
    admin: &mut PgConnection,
    template: &str,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT count(*) > $2 FROM seedbed_testdb.databases \
        WHERE template = $1 AND ready AND owner IS NULL";
    sqlx::query_scalar(sql).bind(template).bind(MAX_FREE_INSTANCES).fetch_one(admin).await
}

/// Returns whether a database still belongs to the given owner.
///
/// If the owner's sessions were terminated, another process may have reclaimed the database as an orphan.
pub(crate) async fn is_owned(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT FROM seedbed_testdb.databases WHERE name = $1 AND owner = $2)";
    sqlx::query_scalar(sql).bind(name).bind(owner).fetch_one(admin).await
}

/// Returns the template, the uses and the baseline of an instance whose process was killed.
pub(crate) async fn find_abandoned_instance(
    admin: &mut PgConnection,
    name: &str,
) -> Result<Option<(String, i32, StatsSnapshot)>, sqlx::Error> {
    let sql = "SELECT template, uses, counters, era AS epoch FROM seedbed_testdb.databases \
        WHERE name = $1 AND template IS NOT NULL AND counters IS NOT NULL AND era IS NOT NULL";
    let row = sqlx::query(sql).bind(name).fetch_optional(admin).await?;
    row.map(|row| {
        let (counters, epoch) = (row.try_get("counters")?, row.try_get("epoch")?);
        let baseline = StatsSnapshot { counters, epoch };
        Ok((row.try_get("template")?, row.try_get("uses")?, baseline))
    })
    .transpose()
}

/// Keeps the instance of a failed test. The reaper drops it when it has been unused for long.
pub(crate) async fn keep(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = NULL, template = NULL, used_at = now() \
        WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Drops a database if the registry lists it and only this crate generates such a name, and then removes it from the
/// registry.
///
/// The row is deleted last, so that the reaper finds the database if this process is killed in between.
pub(crate) async fn drop_database(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let is_listed = "SELECT EXISTS (SELECT FROM seedbed_testdb.databases WHERE name = $1)";
    let is_listed: bool = sqlx::query_scalar(is_listed).bind(name).fetch_one(&mut *admin).await?;
    if is_listed && is_generated_name(name) {
        // DROP DATABASE reports the sessions that this role may not terminate.
        let _ = terminate_sessions(admin, name).await;
        let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    }
    let sql = "DELETE FROM seedbed_testdb.databases WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Terminates the sessions in a database, and waits until they have ended.
///
/// `DROP DATABASE … WITH (FORCE)` does the same, but waits 100 ms before it checks a second time.
async fn terminate_sessions(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_get_activity(NULL) \
        WHERE datid = (SELECT oid FROM pg_database WHERE datname = $1)";
    let started_at = tokio::time::Instant::now();
    loop {
        let sessions: i64 = sqlx::query_scalar(sql).bind(name).fetch_one(&mut *admin).await?;
        if sessions == 0 || started_at.elapsed() >= SESSION_END_TIMEOUT {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Returns the key of the advisory lock for a name. The lock of a template is held while the template is built or
/// dropped.
pub(crate) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(name);
    i64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_this_crate_generates_are_recognized_as_generated() {
        assert!(is_generated_name(&new_instance_name()));
        assert!(is_generated_name(&template_name("0123456789abcdef0123456789abcdef")));
        for name in
            ["seedbed_test_", "seedbed_test_shop", "seedbed", "postgres", "seedbed_test_0\""]
        {
            assert!(!is_generated_name(name), "{name}");
        }
    }
}
