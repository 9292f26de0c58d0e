//! Checks at the start of a backend that its migrations are applied.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use seedbed_build::Name;

use crate::history_store::POLICIES;
use crate::plan::quoted;

/// The reason why the schema does not pass the check of [`ensure_schema_is_current`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaCheckError {
    /// Migrations are pending.
    #[error(
        "the schema is not current: {} pending: {}; `migrate-up` applies {}",
        if pending.len() == 1 { "1 migration is".to_owned() } else { format!("{} migrations are", pending.len()) },
        quoted(pending),
        if pending.len() == 1 { "it" } else { "them" }
    )]
    Pending {
        /// The names of the pending migrations, in ascending order.
        pending: Vec<Name>,
    },
    /// A row-level security policy may hide rows of the history from the role, and applied migrations would look pending.
    #[error(
        "failed to check whether the schema is current: the role `{role}` may not see every row of `seaql_migrations`, \
         because {policies} may hide some"
    )]
    HiddenRows {
        /// The role that reads the history.
        role: String,
        /// The policies of the table, or a text that says that there are none.
        policies: String,
    },
    /// The history could not be read.
    #[error("failed to check whether the schema is current")]
    Database(#[from] DbErr),
}

/// Ensures that all given migrations are applied.
///
/// Takes no lock, creates nothing, and needs no privilege except to read the history. Ignores applied migrations that
/// are not among `names`: in a rolling deploy, the schema is ahead of the old backend.
///
/// # Errors
/// Fails if a migration is pending, or if the history cannot be read completely.
pub async fn ensure_schema_is_current(
    connection: &impl ConnectionTrait,
    names: &[&str],
) -> Result<(), SchemaCheckError> {
    let query = |sql: &str| Statement::from_string(DbBackend::Postgres, sql.to_owned());
    // `SET row_security = off` does not work here, because the connection may be a pool, which may run the next
    // statement in another session.
    let history = format!(
        "SELECT current_user::text AS role, {POLICIES} AS policies, row_security_active(c.oid) AS hides \
         FROM pg_catalog.pg_class c WHERE c.oid = to_regclass('seaql_migrations')"
    );
    let mut applied: HashSet<Name> = HashSet::new();
    if let Some(history) = connection.query_one_raw(query(&history)).await? {
        if history.try_get("", "hides")? {
            let role = history.try_get("", "role")?;
            return Err(SchemaCheckError::HiddenRows {
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
    if pending.is_empty() { Ok(()) } else { Err(SchemaCheckError::Pending { pending }) }
}
