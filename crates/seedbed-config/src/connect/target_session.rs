//! Checks that the server is one that `target_session_attrs` in the URL asks for.

use sqlx::{Executor as _, PgConnection, Row as _};

use super::{ConnectError, Url, reason};
use crate::TargetSession;

/// Fails unless the server is as `target_session_attrs` in the URL asks. Sends nothing if the URL asks for nothing.
///
/// # Errors
/// Fails if the server is a standby or gives read-only sessions, against the URL, or if it does not answer.
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
        let reason = "is a standby, and the URL asks for a primary server";
        return Err(ConnectError::TargetSession { server, reason });
    }
    if is_read_only && url.target_session() == TargetSession::ReadWrite {
        let reason =
            "gives read-only sessions, and the URL asks for target_session_attrs=read-write";
        return Err(ConnectError::TargetSession { server, reason });
    }
    Ok(())
}
