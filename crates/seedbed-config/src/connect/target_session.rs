//! Checks that the server matches `target_session_attrs` in the URL.

use sqlx::{Executor as _, PgConnection, Row as _};

use super::{ConnectError, Url, reason};
use crate::TargetSession;

/// Ensures that the server matches `target_session_attrs` in the URL. Sends nothing if the URL has no such requirement.
///
/// # Errors
/// Fails if the URL does not allow a standby or read-only sessions and the server has them, or if the server does not answer.
pub async fn ensure_target_session(
    connection: &mut PgConnection,
    url: &Url,
) -> Result<(), ConnectError> {
    if url.target_session() == TargetSession::Any {
        return Ok(());
    }
    let server = url.server();
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
        let reason = "is a standby, but the URL requires a primary server";
        return Err(ConnectError::TargetSession { server, reason });
    }
    if is_read_only && url.target_session() == TargetSession::ReadWrite {
        let reason =
            "has read-only sessions, but the URL requires `target_session_attrs=read-write`";
        return Err(ConnectError::TargetSession { server, reason });
    }
    Ok(())
}
