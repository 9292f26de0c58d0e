//! The table in which each database that is ours is written down before it is made.

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

/// What nobody has used for that long is dropped: templates, and what failed tests have kept.
const UNUSED: &str = "7 days";

const TABLE: &str = "\
    CREATE SCHEMA IF NOT EXISTS seedbed_testdb; \
    CREATE TABLE IF NOT EXISTS seedbed_testdb.databases (\
    name text PRIMARY KEY, owner bigint, ready boolean NOT NULL DEFAULT false, \
    used_at timestamptz NOT NULL DEFAULT now())";

/// Of the many who begin at once one makes the table: two `IF NOT EXISTS` may both find nothing.
const TURN: i64 = 0x5eed_bed0_7e57_db00;

/// An instance whose owner may be gone.
pub(crate) struct Leftover {
    pub(crate) name: String,
    /// The key of the advisory lock that its process holds as long as it lives; none if it is
    /// unused for too long, whoever made it.
    pub(crate) owner: Option<i64>,
}

/// A new name of ours.
pub(crate) fn instance_name() -> String {
    format!("{INSTANCE}{}", uuid::Uuid::new_v4().simple())
}

const INSTANCE: &str = "seedbed_test_";
const TEMPLATE: &str = "seedbed_template_";

/// The name of the template with that fingerprint.
pub(crate) fn template_name(fingerprint: &str) -> String {
    format!("{TEMPLATE}{fingerprint}")
}

/// Whether the name is one that only we give. What is not is never dropped, whatever the table says.
fn is_ours(name: &str) -> bool {
    let rest = name.strip_prefix(INSTANCE).or_else(|| name.strip_prefix(TEMPLATE));
    rest.is_some_and(|rest| {
        rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Makes the table if this server has none yet.
pub(crate) async fn make_table(admin: &mut PgConnection) -> Result<(), sqlx::Error> {
    let there = "SELECT to_regclass('seedbed_testdb.databases') IS NOT NULL AS there";
    if admin.fetch_one(there).await?.try_get("there")? {
        return Ok(());
    }
    let sql = format!("BEGIN; SELECT pg_advisory_xact_lock({TURN}); {TABLE}; COMMIT");
    admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}

/// Writes down a database that is about to be made.
pub(crate) async fn add(
    admin: &mut PgConnection,
    name: &str,
    owner: i64,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO seedbed_testdb.databases (name, owner) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ready = false, used_at = now()";
    sqlx::query(sql).bind(name).bind(owner).execute(admin).await.map(drop)
}

/// A template that is finished: it belongs to nobody from now on.
pub(crate) async fn set_ready(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET ready = true, owner = NULL, used_at = now() \
        WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Whether the template is there and finished; if so, it is used now.
pub(crate) async fn is_ready(admin: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET used_at = now() WHERE name = $1 AND ready \
        AND EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1)";
    Ok(sqlx::query(sql).bind(name).execute(admin).await?.rows_affected() == 1)
}

/// The instance of a failed test, which is not swept for a while.
pub(crate) async fn keep(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE seedbed_testdb.databases SET owner = NULL, used_at = now() \
        WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// What may be left over, the oldest last.
pub(crate) async fn leftovers(admin: &mut PgConnection) -> Result<Vec<Leftover>, sqlx::Error> {
    let sql = format!(
        "SELECT name, CASE WHEN used_at >= now() - interval '{UNUSED}' THEN owner END AS owner \
         FROM seedbed_testdb.databases \
         WHERE owner IS NOT NULL OR used_at < now() - interval '{UNUSED}' ORDER BY used_at DESC"
    );
    let rows = admin.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    rows.iter()
        .map(|row| Ok(Leftover { name: row.try_get("name")?, owner: row.try_get("owner")? }))
        .collect()
}

/// Drops a database that is in the table and has a name of ours, and then strikes it from the table:
/// what is killed between is found again.
pub(crate) async fn remove(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let known = "SELECT EXISTS (SELECT FROM seedbed_testdb.databases WHERE name = $1)";
    let known: bool = sqlx::query_scalar(known).bind(name).fetch_one(&mut *admin).await?;
    if known && is_ours(name) {
        let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        admin.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    }
    let sql = "DELETE FROM seedbed_testdb.databases WHERE name = $1";
    sqlx::query(sql).bind(name).execute(admin).await.map(drop)
}

/// Drops a leftover if its owner is gone: one who lives holds the lock of his key.
pub(crate) async fn sweep(
    admin: &mut PgConnection,
    leftover: &Leftover,
) -> Result<(), sqlx::Error> {
    let Leftover { name, owner } = leftover;
    // Who builds a template holds its lock, be it that of a killed one whose record we have read.
    let keys: Vec<i64> = owner.iter().copied().chain([lock_key(name)]).collect();
    let mut held = Vec::new();
    for key in keys {
        let locked = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key);
        if !locked.fetch_one(&mut *admin).await? {
            break;
        }
        held.push(key);
    }
    let mut swept = Ok(());
    if held.len() == 1 + usize::from(owner.is_some()) {
        // A test may have failed since, and kept it, or somebody may have used it.
        let sql = format!(
            "SELECT EXISTS (SELECT FROM seedbed_testdb.databases WHERE name = $1 \
             AND (owner = $2 OR used_at < now() - interval '{UNUSED}'))"
        );
        let still = sqlx::query_scalar(AssertSqlSafe(sql)).bind(name).bind(owner);
        if still.fetch_one(&mut *admin).await? {
            swept = remove(admin, name).await;
        }
    }
    for key in held {
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(key).execute(&mut *admin).await?;
    }
    swept
}

/// The key of the lock under which a template of that name is built or dropped.
pub(crate) fn lock_key(name: &str) -> i64 {
    let hash = Sha256::digest(name);
    i64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_give_are_ours() {
        assert!(is_ours(&instance_name()));
        assert!(is_ours(&template_name("0123456789abcdef0123456789abcdef")));
        for name in
            ["seedbed_test_", "seedbed_test_shop", "seedbed", "postgres", "seedbed_test_0\""]
        {
            assert!(!is_ours(name), "{name}");
        }
    }
}
