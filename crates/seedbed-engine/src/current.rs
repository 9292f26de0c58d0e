//! Whether the schema is current, for a backend that asks at its start.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use seedbed_files::Name;

use crate::history::POLICIES;
use crate::plan::joined;

/// The schema is not what the backend was built for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotCurrent {
    /// Migrations are pending.
    #[error(
        "the schema is not current: {} pending: {}; `make migrate-up` applies {}",
        if pending.len() == 1 { "1 migration is".to_owned() } else { format!("{} migrations are", pending.len()) },
        joined(pending, ", "),
        if pending.len() == 1 { "it" } else { "them" }
    )]
    Pending {
        /// Their names, in order.
        pending: Vec<Name>,
    },
    /// A policy would hide rows of the history from the role, and applied migrations would look pending.
    #[error(
        "could not ask whether the schema is current: the role `{role}` may not see every row of `seaql_migrations`: \
         {policies} may hide some"
    )]
    HiddenRows {
        /// The role.
        role: String,
        /// The policies of the table, or row-level security if it has none.
        policies: String,
    },
    /// The history could not be read.
    #[error("could not ask whether the schema is current")]
    Database(#[from] DbErr),
}

/// Asks whether all these migrations are applied. Takes no lock, creates nothing, and needs no right
/// but to read the history. Applied migrations that are not among them are none of its business: in a
/// rolling deploy the schema is ahead of the old backend.
///
/// # Errors
/// When some are pending, or the history cannot be read, or not all of it.
pub async fn schema_is_current(
    connection: &impl ConnectionTrait,
    names: &[&str],
) -> Result<(), NotCurrent> {
    let query = |sql: &str| Statement::from_string(DbBackend::Postgres, sql.to_owned());
    // The connection may be a pool, whose next statement another session gets, so a `SET row_security = off` may be lost.
    let history = format!(
        "SELECT current_user::text AS role, {POLICIES} AS policies, row_security_active(c.oid) AS hides \
         FROM pg_catalog.pg_class c WHERE c.oid = to_regclass('seaql_migrations')"
    );
    let mut applied: HashSet<Name> = HashSet::new();
    if let Some(history) = connection.query_one_raw(query(&history)).await? {
        if history.try_get("", "hides")? {
            let role = history.try_get("", "role")?;
            return Err(NotCurrent::HiddenRows {
                role,
                policies: history.try_get("", "policies")?,
            });
        }
        let sql = "SELECT version FROM seaql_migrations";
        for row in connection.query_all_raw(query(sql)).await? {
            applied.insert(row.try_get::<String>("", "version")?.into());
        }
    }
    let names = names.iter().map(|name| Name::from((*name).to_owned()));
    let pending: Vec<Name> = names.filter(|name| !applied.contains(name)).collect();
    if pending.is_empty() { Ok(()) } else { Err(NotCurrent::Pending { pending }) }
}
