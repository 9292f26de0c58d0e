//! Notices a pooler that gives each transaction another server session.
//!
//! The lock is the session's. Behind a transaction-mode pooler two runners may share one session, and
//! the lock would let both in; or the session that has the lock may be another one's a moment later.

use std::net::IpAddr;

use sqlx::Row as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::connect;
use crate::error::Error;
use crate::event::Events;
use crate::session::Session;

/// Refuses a transaction-mode pooler. Called before a lock is taken.
pub(crate) async fn refuse(session: &Session, events: Events<'_>) -> Result<(), Error> {
    if reached_the_server_itself(session).await? {
        return Ok(());
    }
    let mut other = connect::connection(&session.options, events).await?;
    let pooled = shares_sessions(session, &mut other)
        .await
        .map_err(Error::database("look for a pooler"))?;
    // The result is known; how the probe's connection ends does not matter.
    let _ = other.close().await;
    if pooled {
        return Err(Error::Pooler { server: session.options.url.server() });
    }
    Ok(())
}

/// Whether the server says that it listens where we called: then nobody stands between, and the
/// probe's second connection is spared.
async fn reached_the_server_itself(session: &Session) -> Result<bool, Error> {
    let row = session
        .row(
            "SELECT host(inet_server_addr()) AS address, inet_server_port() AS port, \
             current_setting('port')::int AS configured, \
             CASE WHEN pg_has_role('pg_read_all_settings', 'MEMBER') \
             THEN current_setting('unix_socket_directories') END AS folders",
        )
        .await
        .map_err(Error::database("ask where the server listens"))?;
    let read = Error::database("ask where the server listens");
    let address: Option<String> = row.try_get("address").map_err(&read)?;
    let port: Option<i32> = row.try_get("port").map_err(&read)?;
    let configured: i32 = row.try_get("configured").map_err(&read)?;
    let folders: Option<String> = row.try_get("folders").map_err(&read)?;
    let url = &session.options.url;
    let (host, our_port) = url.host_and_port();
    if let Some(socket) = url.socket() {
        let socket = socket.to_string();
        let listens = folders.is_some_and(|folders| {
            folders.split(',').any(|folder| folder.trim().trim_matches('"') == socket)
        });
        return Ok(address.is_none() && configured == i32::from(our_port) && listens);
    }
    let Some(address) = address.and_then(|address| address.parse::<IpAddr>().ok()) else {
        return Ok(false);
    };
    if port != Some(i32::from(our_port)) {
        return Ok(false);
    }
    let host = host.trim_matches(['[', ']']);
    let Ok(mut resolved) = tokio::net::lookup_host((host, our_port)).await else {
        return Ok(false);
    };
    Ok(resolved.any(|resolved| resolved.ip() == address))
}

/// Two connections that overlap tell: a pooler with nothing else to do gives the same server session
/// to both, a busy one gives ours another session while a transaction of the other keeps one.
async fn shares_sessions(
    session: &Session,
    other: &mut PgConnection,
) -> Result<bool, sqlx::Error> {
    for _ in 0..3 {
        let ours = backend(session).await?;
        let theirs: i32 = other
            .fetch_all(sqlx::raw_sql(AssertSqlSafe("BEGIN; SELECT pg_backend_pid() AS pid")))
            .await?
            .first()
            .ok_or(sqlx::Error::RowNotFound)?
            .try_get("pid")?;
        let ours_again = backend(session).await?;
        other.execute("ROLLBACK").await?;
        if theirs == ours || ours_again != ours || ours != session.facts.pid {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn backend(session: &Session) -> Result<i32, sqlx::Error> {
    session.row("SELECT pg_backend_pid() AS pid").await?.try_get("pid")
}
