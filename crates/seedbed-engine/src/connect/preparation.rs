//! Prepares a new connection: assumes the role that runs all statements, and checks that the server satisfies
//! `target_session_attrs`.

use seedbed_config::{ConnectError, ensure_target_session, reason};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::SessionOptions;
use crate::sqlstate;
use seedbed_sql::{quote_ident as ident, quote_ident_if_needed};

/// Assumes the role of the options, and fails unless the server satisfies `target_session_attrs`.
pub(super) async fn prepare(
    connection: &mut PgConnection,
    options: &SessionOptions,
) -> Result<(), ConnectError> {
    if let Some(role) = &options.role {
        let set = format!("SET ROLE {}", ident(role));
        if let Err(error) = connection.execute(sqlx::raw_sql(AssertSqlSafe(set))).await {
            return Err(set_role_error(connection, options, role, &error));
        }
    }
    ensure_target_session(connection, &options.url).await
}

/// Returns the error for a role that the session could not assume, with the statements that allow it.
fn set_role_error(
    connection: &PgConnection,
    options: &SessionOptions,
    role: &str,
    error: &sqlx::Error,
) -> ConnectError {
    let user = options.url.user().to_owned();
    let code = error.as_database_error().and_then(|error| error.code());
    let (role_word, user_word) = (quote_ident_if_needed(role), quote_ident_if_needed(&user));
    // Since version 16 a membership may forbid SET ROLE.
    let with_set = match connection.server_version_num() {
        Some(160_000..) => " WITH SET TRUE",
        _ => "",
    };
    let grant = format!("GRANT {role_word} TO {user_word}{with_set};");
    let grant = match code.as_deref() {
        Some(sqlstate::INSUFFICIENT_PRIVILEGE) => grant,
        // The SQLSTATE is invalid_parameter_value: the role does not exist.
        Some("22023") => format!("CREATE ROLE {role_word}; {grant}"),
        _ => return ConnectError::Other { server: options.url.server(), reason: reason(error) },
    };
    ConnectError::Role { user, role: role.to_owned(), reason: reason(error), grant }
}
