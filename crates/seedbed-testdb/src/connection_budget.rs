//! Limits how many tests have connections at once, in all processes together.
//!
//! The limit is a set of slots, and a slot is an advisory lock of the server. Each test holds one slot, which stands
//! for all the connections that the test may open. So no two tests wait for each other's connections while each of them
//! holds some connections.

use std::cell::RefCell;
use std::collections::HashSet;

use sqlx::PgConnection;

/// The number of connections that a test may open at once.
pub(crate) const CONNECTIONS_PER_TEST: u32 = 4;

/// The number of connections that a slot stands for.
///
/// These are the test's own connections and the one that resets its instance. If each test is a separate process, two
/// more connections serve the registry and the creation of databases.
const CONNECTIONS_PER_SLOT: i64 = CONNECTIONS_PER_TEST as i64 + 3;

/// The number of connections that remain for psql, for other programs, and for processes that request a slot.
const RESERVED_CONNECTIONS: i64 = 24;

/// The first key of each slot's lock. The second key is the number of the slot.
const LOCK_CLASS: i32 = 0x5eed_7e57;

/// The slots that this process holds.
#[derive(Debug, Default)]
pub(crate) struct ConnectionBudget {
    held: RefCell<HashSet<i32>>,
}

impl ConnectionBudget {
    /// Takes a slot if one is free. `connections` is the number of connections that the role may use on this server.
    pub(crate) async fn try_acquire(
        &self,
        admin: &mut PgConnection,
        connections: i64,
    ) -> Result<Option<i32>, sqlx::Error> {
        let slots = ((connections - RESERVED_CONNECTIONS) / CONNECTIONS_PER_SLOT).clamp(1, 1000);
        let slots = i32::try_from(slots).unwrap_or(1);
        // The server grants a session a lock that it already holds, so the session requests only other ones.
        let candidates: Vec<i32> = {
            let held = self.held.borrow();
            (0..slots).filter(|slot| !held.contains(slot)).collect()
        };
        let sql = "SELECT slot FROM unnest($1) slot WHERE pg_try_advisory_lock($2, slot) LIMIT 1";
        let slot = sqlx::query_scalar(sql).bind(candidates).bind(LOCK_CLASS);
        let slot = slot.fetch_optional(admin).await?;
        self.held.borrow_mut().extend(slot);
        Ok(slot)
    }

    /// Releases a slot. The slot is no longer held, even after an error.
    pub(crate) async fn release(
        &self,
        admin: &mut PgConnection,
        slot: i32,
    ) -> Result<(), sqlx::Error> {
        let sql = "SELECT pg_advisory_unlock($1, $2)";
        let unlocked = sqlx::query(sql).bind(LOCK_CLASS).bind(slot).execute(admin).await;
        self.held.borrow_mut().remove(&slot);
        unlocked.map(drop)
    }

    /// Returns whether this process holds a slot.
    pub(crate) fn holds_any(&self) -> bool {
        !self.held.borrow().is_empty()
    }

    /// Locks the held slots again in a new session, because the session that held the locks has ended.
    ///
    /// A slot that another process has taken meanwhile is then used twice, which exceeds the budget by one test and
    /// has no other effect.
    pub(crate) async fn relock(&self, admin: &mut PgConnection) -> Result<(), sqlx::Error> {
        let held: Vec<i32> = self.held.borrow().iter().copied().collect();
        let sql = "SELECT count(pg_try_advisory_lock($1, slot)) FROM unnest($2) slot";
        sqlx::query(sql).bind(LOCK_CLASS).bind(held).execute(admin).await.map(drop)
    }
}
