//! Finds the databases that are no longer in use, and takes the locks under which one of them is reset or dropped.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::{admin, registry};

/// The time for which unused templates and the databases of failed tests are kept.
const UNUSED_RETENTION: &str = "7 days";

/// The time that a free instance waits for the next test.
///
/// Each edit of a script creates a new template, and the instances of the old template occupy the memory in which a
/// server for tests may keep its data.
const FREE_RETENTION: &str = "1 hour";

/// The time for which an owner must have been gone. A process whose sessions were terminated reconnects within a
/// second.
pub(crate) const GRACE_PERIOD: Duration = Duration::from_secs(3);

/// A database whose owner may have been killed, or that has been unused for long.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) name: String,
    /// The key of the liveness lock that the owner holds as long as it lives, or `None` if the database has no owner.
    pub(crate) owner: Option<i64>,
}

/// Returns the databases of other owners that may be orphans. The least recently used one comes first.
pub(crate) async fn find_orphans(
    session: &mut PgConnection,
    this_owner: i64,
) -> Result<Vec<Orphan>, sqlx::Error> {
    let sql = format!(
        "SELECT name, owner FROM seedbed_testdb.databases WHERE {} AND owner IS DISTINCT FROM $1 \
         ORDER BY used_at",
        orphan_condition()
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(this_owner).fetch_all(session).await?;
    rows.iter()
        .map(|row| Ok(Orphan { name: row.try_get("name")?, owner: row.try_get("owner")? }))
        .collect()
}

/// Returns the SQL condition that holds for the registry's row of a database that may be an orphan.
fn orphan_condition() -> String {
    format!(
        "(owner IS NOT NULL OR used_at < now() - interval '{UNUSED_RETENTION}' \
         OR template IS NOT NULL AND used_at < now() - interval '{FREE_RETENTION}' \
         OR template IS NOT NULL AND template NOT IN (SELECT name FROM seedbed_testdb.templates))"
    )
}

/// The advisory locks under which only one process resets or drops an orphan.
#[derive(Debug)]
pub(crate) struct OrphanLocks {
    keys: Vec<i64>,
}

impl OrphanLocks {
    /// Takes the locks and the ownership of an orphan.
    ///
    /// Returns `None` if the owner lives, if it may have ended less than [`GRACE_PERIOD`] ago, if another process
    /// rebuilds the template, or if the database is no longer an orphan.
    pub(crate) async fn try_acquire(
        session: &mut PgConnection,
        orphan: &Orphan,
        this_owner: i64,
    ) -> Result<Option<Self>, sqlx::Error> {
        let Orphan { name, owner } = orphan;
        let mut locks = Self { keys: Vec::new() };
        // The owner's liveness lock is free if the owner is gone. The lock of the name is free if no other process
        // rebuilds the template meanwhile.
        for key in owner.iter().copied().chain([registry::lock_key(name)]) {
            if !admin::try_lock(session, key).await? {
                locks.release(session).await?;
                return Ok(None);
            }
            locks.keys.push(key);
        }
        let grace_period = format!("interval '{} seconds'", GRACE_PERIOD.as_secs());
        let suspect = format!(
            "UPDATE seedbed_testdb.databases SET suspected_at = coalesce(suspected_at, now()) \
             WHERE name = $1 AND owner = $2 RETURNING suspected_at > now() - {grace_period}"
        );
        let suspect = sqlx::query_scalar(AssertSqlSafe(suspect)).bind(name).bind(owner);
        if suspect.fetch_optional(&mut *session).await? == Some(true) {
            locks.release(session).await?;
            return Ok(None);
        }
        // Since the orphans were read, a failed test may have kept its database, or a process may have claimed it.
        let sql = format!(
            "UPDATE seedbed_testdb.databases SET owner = $3, ready = false, suspected_at = NULL \
             WHERE name = $1 AND owner IS NOT DISTINCT FROM $2 AND {}",
            orphan_condition()
        );
        let update = sqlx::query(AssertSqlSafe(sql)).bind(name).bind(owner).bind(this_owner);
        if update.execute(&mut *session).await?.rows_affected() == 1 {
            return Ok(Some(locks));
        }
        locks.release(session).await?;
        Ok(None)
    }

    /// Releases the locks.
    pub(crate) async fn release(self, session: &mut PgConnection) -> Result<(), sqlx::Error> {
        for key in self.keys {
            admin::unlock(session, key).await?;
        }
        Ok(())
    }
}
