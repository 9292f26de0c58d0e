//! Whether the schema is current, for a backend that asks at its start.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use seedbed_files::Name;

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
    /// The history could not be read.
    #[error("could not ask whether the schema is current")]
    Database(#[from] DbErr),
}

/// Asks whether all these migrations are applied. Takes no lock, creates nothing, and needs no right
/// but to read the history. Applied migrations that are not among them are none of its business: in a
/// rolling deploy the schema is ahead of the old backend.
///
/// # Errors
/// When some are pending, or the history cannot be read.
pub async fn schema_is_current(
    connection: &impl ConnectionTrait,
    names: &[&str],
) -> Result<(), NotCurrent> {
    let query = |sql: &str| Statement::from_string(DbBackend::Postgres, sql.to_owned());
    let exists = "SELECT to_regclass('seaql_migrations') IS NOT NULL AS found";
    let exists = match connection.query_one_raw(query(exists)).await? {
        Some(row) => row.try_get("", "found")?,
        None => false,
    };
    let mut applied: HashSet<Name> = HashSet::new();
    if exists {
        let sql = "SELECT version FROM seaql_migrations";
        for row in connection.query_all_raw(query(sql)).await? {
            applied.insert(row.try_get::<String>("", "version")?.into());
        }
    }
    let names = names.iter().map(|name| Name::from((*name).to_owned()));
    let pending: Vec<Name> = names.filter(|name| !applied.contains(name)).collect();
    if pending.is_empty() { Ok(()) } else { Err(NotCurrent::Pending { pending }) }
}
