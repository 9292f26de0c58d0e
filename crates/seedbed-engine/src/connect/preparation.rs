//! Prepares a new connection: assumes the role that everything runs as, and checks that the server is one that the URL
//! asks for.

use seedbed_config::TargetSession;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::{ConnectError, SessionOptions, reason};
use seedbed_sql::{quote_ident as ident, quote_ident_if_needed as word};

/// Assumes the role of the options, and fails unless the server is as `target_session_attrs` asks.
pub(super) async fn prepare(
    connection: &mut PgConnection,
    options: &SessionOptions,
) -> Result<(), ConnectError> {
    if let Some(role) = &options.role {
        let set = format!("SET ROLE {}", ident(role));
        if let Err(error) = connection.execute(sqlx::raw_sql(AssertSqlSafe(set))).await {
            return Err(refused(connection, options, role, &error));
        }
    }
    if options.url.target_session() != TargetSession::Any {
        ensure_target_session(connection, options).await?;
    }
    Ok(())
}

fn refused(
    connection: &PgConnection,
    options: &SessionOptions,
    role: &str,
    error: &sqlx::Error,
) -> ConnectError {
    let user = options.url.user().to_owned();
    let code = error.as_database_error().and_then(|error| error.code());
    let (role_word, user_word) = (word(role), word(&user));
    // Since version 16 a membership may say that the role is not to be assumed.
    let with_set = match connection.server_version_num() {
        Some(160_000..) => " WITH SET TRUE",
        _ => "",
    };
    let grant = format!("GRANT {role_word} TO {user_word}{with_set};");
    let grant = match code.as_deref() {
        Some("42501") => grant,
        // invalid_parameter_value: there is no such role.
        Some("22023") => format!("CREATE ROLE {role_word}; {grant}"),
        _ => return ConnectError::Other { server: options.url.server(), reason: reason(error) },
    };
    ConnectError::Role { user, role: role.to_owned(), reason: reason(error), grant }
}

async fn ensure_target_session(
    connection: &mut PgConnection,
    options: &SessionOptions,
) -> Result<(), ConnectError> {
    let server = options.url.server();
    let read = async {
        let sql = "SELECT pg_is_in_recovery() AS is_standby, \
            current_setting('transaction_read_only')::bool AS is_read_only";
        let row = connection.fetch_one(sqlx::raw_sql(sql)).await?;
        Ok::<(bool, bool), sqlx::Error>((row.try_get("is_standby")?, row.try_get("is_read_only")?))
    };
    let (is_standby, is_read_only) = read
        .await
        .map_err(|error| ConnectError::Other { server: server.clone(), reason: reason(&error) })?;
    if is_standby {
        let reason = "is a standby, and the URL asks for a primary server";
        return Err(ConnectError::TargetSession { server, reason });
    }
    if is_read_only && options.url.target_session() == TargetSession::ReadWrite {
        let reason =
            "gives read-only sessions, and the URL asks for target_session_attrs=read-write";
        return Err(ConnectError::TargetSession { server, reason });
    }
    Ok(())
}
