//! How many tests have connections at once, in all processes together.
//!
//! A slot is an advisory lock of the server. Each test holds one, so that no two tests wait for each
//! other's connections, each with some of its own: who gets a slot gets all the connections it may have.

use std::cell::RefCell;
use std::collections::HashSet;

use sqlx::PgConnection;

/// The connections that a test may open at once.
pub(crate) const POOL: u32 = 4;

/// What a slot stands for: a test's own connections, and the one that puts its instance back; and in
/// the worst case each test is a process, which has two more, for the records and to make databases.
const EACH: i64 = POOL as i64 + 3;

/// Connections of psql, of whoever else is there, and of processes that ask for a slot.
const OTHERS: i64 = 24;

/// The first key of the locks; the second is the number of the slot.
const CLASS: i32 = 0x5eed_7e57;

/// The slots that this process holds.
#[derive(Debug, Default)]
pub(crate) struct ConnectionBudget {
    held: RefCell<HashSet<i32>>,
}

impl ConnectionBudget {
    /// Takes a slot, if one is left.
    pub(crate) async fn take(
        &self,
        admin: &mut PgConnection,
        connections: i64,
    ) -> Result<Option<i32>, sqlx::Error> {
        let most = ((connections - OTHERS) / EACH).clamp(1, 1000);
        let most = i32::try_from(most).unwrap_or(1);
        // A session gets a lock that it has once more, so it must not ask for its own.
        let candidates: Vec<i32> = {
            let held = self.held.borrow();
            (0..most).filter(|slot| !held.contains(slot)).collect()
        };
        let sql = "SELECT slot FROM unnest($1) slot WHERE pg_try_advisory_lock($2, slot) LIMIT 1";
        let slot = sqlx::query_scalar(sql).bind(candidates).bind(CLASS);
        let slot = slot.fetch_optional(admin).await?;
        self.held.borrow_mut().extend(slot);
        Ok(slot)
    }

    /// Gives one back.
    pub(crate) async fn give_back(
        &self,
        admin: &mut PgConnection,
        slot: i32,
    ) -> Result<(), sqlx::Error> {
        let sql = "SELECT pg_advisory_unlock($1, $2)";
        let unlocked = sqlx::query(sql).bind(CLASS).bind(slot).execute(admin).await;
        self.held.borrow_mut().remove(&slot);
        unlocked.map(drop)
    }

    /// Whether this process has any.
    pub(crate) fn has_any(&self) -> bool {
        !self.held.borrow().is_empty()
    }

    /// Holds them in another session, as the one that held them has ended. One that somebody else has
    /// taken meanwhile is used twice, which costs connections and nothing else.
    pub(crate) async fn lock_again(&self, admin: &mut PgConnection) -> Result<(), sqlx::Error> {
        let held: Vec<i32> = self.held.borrow().iter().copied().collect();
        let sql = "SELECT count(pg_try_advisory_lock($1, slot)) FROM unnest($2) slot";
        sqlx::query(sql).bind(CLASS).bind(held).execute(admin).await.map(drop)
    }
}
