//! The names of temporary databases, and the advisory locks on them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::lock::LockKey;

/// Returns a unique name for a temporary database.
pub(crate) fn temporary_name() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("seedbed_temporary_{}_{}", std::process::id(), since.as_nanos())
}

/// Returns the statement that locks the name of a temporary database until the session ends.
pub(crate) fn try_lock_sql(name: &str) -> String {
    format!("SELECT pg_try_advisory_lock({}) AS locked", lock_key(name))
}

/// Returns the key of the advisory lock on the name of a temporary database.
pub(crate) fn lock_key(name: &str) -> LockKey {
    LockKey::from_text(&format!("temporary {name}"))
}
