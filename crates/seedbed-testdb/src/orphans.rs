//! Which databases of ours are left over, and the locks under which one is put back or dropped.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::{admin, registry};

/// What nobody has used for that long is dropped: templates, and what failed tests have kept.
const UNUSED: &str = "7 days";

/// For how long a free instance waits for the next test: each edit of a script makes a new template,
/// and the instances of the old one fill the memory in which a server for tests may have its data.
const IDLE: &str = "1 hour";

/// For how long an owner has to be gone: one whose sessions were ended from outside comes back within
/// a second.
pub(crate) const GONE: Duration = Duration::from_secs(3);

/// An instance whose owner may be gone.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) name: String,
    /// The key of the advisory lock that its process holds as long as it lives; none if it is
    /// anybody's.
    pub(crate) owner: Option<i64>,
}

/// What may be left over by others, the oldest first.
pub(crate) async fn leftovers(
    session: &mut PgConnection,
    me: i64,
) -> Result<Vec<Orphan>, sqlx::Error> {
    let sql = format!(
        "SELECT name, owner FROM seedbed_testdb.databases WHERE {} AND owner IS DISTINCT FROM $1 \
         ORDER BY used_at",
        left_over()
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(me).fetch_all(session).await?;
    rows.iter()
        .map(|row| Ok(Orphan { name: row.try_get("name")?, owner: row.try_get("owner")? }))
        .collect()
}

/// What a record says of a database that may be dropped.
fn left_over() -> String {
    format!(
        "(owner IS NOT NULL OR used_at < now() - interval '{UNUSED}' \
         OR template IS NOT NULL AND used_at < now() - interval '{IDLE}' \
         OR template IS NOT NULL AND template NOT IN (SELECT name FROM seedbed_testdb.templates))"
    )
}

/// The locks under which a leftover is put back or dropped: nobody else does, nor uses it.
#[derive(Debug)]
pub(crate) struct OrphanLocks {
    keys: Vec<i64>,
}

impl OrphanLocks {
    /// Takes them, and the leftover with them, if its owner is gone, and not since a moment only: one who
    /// lives holds the lock of his key.
    pub(crate) async fn take(
        session: &mut PgConnection,
        leftover: &Orphan,
        me: i64,
    ) -> Result<Option<Self>, sqlx::Error> {
        let Orphan { name, owner } = leftover;
        let mut hold = Self { keys: Vec::new() };
        // Who builds a template holds its lock, be it that of a killed one whose record we have read.
        for key in owner.iter().copied().chain([registry::lock_key(name)]) {
            if !admin::try_lock(session, key).await? {
                hold.release(session).await?;
                return Ok(None);
            }
            hold.keys.push(key);
        }
        let gone = format!("interval '{} seconds'", GONE.as_secs());
        let suspect = format!(
            "UPDATE seedbed_testdb.databases SET suspected_at = coalesce(suspected_at, now()) \
             WHERE name = $1 AND owner = $2 RETURNING suspected_at > now() - {gone}"
        );
        let suspect = sqlx::query_scalar(AssertSqlSafe(suspect)).bind(name).bind(owner);
        if suspect.fetch_optional(&mut *session).await? == Some(true) {
            hold.release(session).await?;
            return Ok(None);
        }
        // A test may have failed since, and kept it, or somebody may have taken it.
        let sql = format!(
            "UPDATE seedbed_testdb.databases SET owner = $3, ready = false, suspected_at = NULL \
             WHERE name = $1 AND owner IS NOT DISTINCT FROM $2 AND {}",
            left_over()
        );
        let taken = sqlx::query(AssertSqlSafe(sql)).bind(name).bind(owner).bind(me);
        if taken.execute(&mut *session).await?.rows_affected() == 1 {
            return Ok(Some(hold));
        }
        hold.release(session).await?;
        Ok(None)
    }

    pub(crate) async fn release(self, session: &mut PgConnection) -> Result<(), sqlx::Error> {
        for key in self.keys {
            admin::unlock(session, key).await?;
        }
        Ok(())
    }
}
