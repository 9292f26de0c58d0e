//! The lock that lets one runner at a time change a schema, on any number of machines.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use sqlx::Row as _;

use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::event::{Event, Events};
use crate::session::Session;
use crate::session_info::SessionInfo;

/// The key of an advisory lock. PostgreSQL scopes it to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LockKey(i64);

impl fmt::Display for LockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl LockKey {
    /// Returns the key of the runner lock for a schema. Both histories share one lock.
    pub(crate) fn for_schema(schema: &str) -> Self {
        Self::from_text(schema)
    }

    /// Returns the key for a text, which stays the same across versions of this program and of the server.
    pub(crate) fn from_text(text: &str) -> Self {
        // The hash is FNV-1a.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in b"seedbed:".iter().chain(text.as_bytes()) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(i64::from_ne_bytes(hash.to_ne_bytes()))
    }

    /// Returns the condition that selects the row of this lock in `pg_locks`:
    /// <https://www.postgresql.org/docs/current/view-pg-locks.html>.
    fn row_sql(self) -> String {
        let [high, low] = [(self.0 >> 32) & 0xffff_ffff, self.0 & 0xffff_ffff];
        format!("objsubid = 1 AND classid = '{high}'::oid AND objid = '{low}'::oid")
    }

    /// Returns an SQL expression that is true if the session holds this lock.
    pub(crate) fn is_held_sql(self) -> String {
        self.while_guarded_sql(&format!("pg_try_advisory_lock({self})"))
    }

    /// Returns an SQL expression that releases all other advisory locks of the session and is true if the session holds
    /// this lock. If the session does not hold it, the expression is false and releases nothing.
    pub(crate) fn release_other_locks_sql(self) -> String {
        self.while_guarded_sql(&format!(
            "CASE WHEN pg_advisory_unlock_all() IS NOT NULL THEN pg_try_advisory_lock({self}) END"
        ))
    }

    /// Returns an SQL expression that releases this lock and then evaluates a condition, which acquires the lock again.
    /// The expression is false if the session did not hold the lock. No other session can acquire the lock in between,
    /// because the transaction holds it too until its end.
    ///
    /// The result of `pg_advisory_unlock` says whether the session held the lock. It is faster than a query of `pg_locks`,
    /// and distinguishes a lock of the session from a lock of its transaction:
    /// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS>.
    fn while_guarded_sql(self, condition: &str) -> String {
        // Only CASE guarantees the order of evaluation.
        format!(
            "CASE WHEN pg_try_advisory_xact_lock({self}) \
             THEN CASE WHEN pg_advisory_unlock({self}) THEN {condition} ELSE false END \
             ELSE false END"
        )
    }
}

/// Acquires the lock. Waits for it as long as the options allow, and reports the session that holds it.
///
/// The runner polls with `pg_try_advisory_lock`. A session blocked in `pg_advisory_lock` holds a snapshot, and
/// `CREATE INDEX CONCURRENTLY` in the runner with the lock waits for all older snapshots: the two would wait for each other
/// until PostgreSQL reports a deadlock.
pub(crate) async fn acquire(
    session: &Session,
    key: LockKey,
    events: Events<'_>,
    cancellation: &Cancellation,
) -> Result<(), Error> {
    let started_at = Instant::now();
    let mut reported_at: Option<Duration> = None;
    loop {
        let row = session
            .row(format!("SELECT pg_try_advisory_lock({key}) AS locked, pg_backend_pid() AS pid"))
            .await
            .map_err(Error::database("acquire the runner lock"))?;
        let locked: bool =
            row.try_get("locked").map_err(Error::database("acquire the runner lock"))?;
        let pid: i32 = row.try_get("pid").map_err(Error::database("acquire the runner lock"))?;
        if pid != session.pid {
            release(session, pid).await;
            return Err(Error::OtherSession { server: session.options.url.server() });
        }
        if locked {
            return Ok(());
        }
        let waited = started_at.elapsed();
        if reported_at.is_none_or(|reported_at| waited - reported_at >= Duration::from_secs(10)) {
            reported_at = Some(waited);
            let holder = find_holder(session, key).await?;
            events(&Event::WaitingForRunner { holder: holder.as_ref(), waited });
        }
        if let Some(limit) = session.options.lock_wait
            && waited >= limit
        {
            let holder = find_holder(session, key).await?;
            return Err(Error::LockWait { waited: limit, holder });
        }
        cancellation.run_until_canceled(tokio::time::sleep(pause(waited))).await?;
    }
}

/// Returns the pause before the next attempt. It grows with the time waited, from 20 ms to half a second, and is jittered, so
/// that runners that started together do not poll together.
fn pause(waited: Duration) -> Duration {
    let base = (waited / 4).clamp(Duration::from_millis(20), Duration::from_millis(400));
    let jitter = RandomState::new().hash_one(waited) % 25;
    base + base * u32::try_from(jitter).unwrap_or(0) / 100
}

/// Releases the lock that the server process `pid` holds. Ignores errors: the server releases the lock of a lost
/// session.
pub(crate) async fn release(session: &Session, pid: i32) {
    let sql = "SELECT pg_advisory_unlock_all(), pg_backend_pid() AS pid";
    // Behind a pooler that was noticed too late, the query may reach another session. A later attempt may reach the
    // right one.
    for _ in 0..20 {
        let reached = async { session.row(sql).await?.try_get::<i32, _>("pid") };
        if reached.await.is_ok_and(|reached| reached != pid) {
            continue;
        }
        return;
    }
}

async fn find_holder(session: &Session, key: LockKey) -> Result<Option<SessionInfo>, Error> {
    let rows = session
        .rows(format!(
            "SELECT {} FROM pg_catalog.pg_locks l \
             JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
             WHERE l.locktype = 'advisory' AND l.granted AND {} \
             AND l.database = (SELECT oid FROM pg_catalog.pg_database \
             WHERE datname = current_database())",
            SessionInfo::COLUMNS,
            key.row_sql()
        ))
        .await
        .map_err(Error::database("read which session holds the lock"))?;
    rows.first()
        .map(SessionInfo::from_row)
        .transpose()
        .map_err(Error::database("read which session holds the lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_key_of_a_schema_never_changes() {
        let key = LockKey::for_schema;
        assert_eq!(key("public").0, -6_655_697_801_741_953_826);
        assert_ne!(key("public"), key("private"));
    }

    #[test]
    fn the_pause_before_the_lock_is_tried_again_grows_and_stays_short() {
        assert!(pause(Duration::ZERO) >= Duration::from_millis(20));
        assert!(pause(Duration::ZERO) < Duration::from_millis(26));
        assert!(pause(Duration::from_secs(60)) >= Duration::from_millis(400));
        assert!(pause(Duration::from_secs(60)) < Duration::from_millis(500));
    }
}
