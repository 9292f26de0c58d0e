//! Detects a pooler that gives each transaction another server session.
//!
//! The session holds the lock. Behind a transaction-mode pooler, two runners may share one session, so that both hold the
//! lock, or the pooler may hand the session with the lock to another client.

use std::net::IpAddr;
use std::time::Duration;

use sqlx::Row as _;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::time::timeout;

use crate::connect;
use crate::driver_error::has_code;
use crate::error::Error;
use crate::event::Events;
use crate::session::Session;
use crate::sqlstate;

/// The timeout of a query that a server answers at once.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of times that the probe compares the sessions of its two connections.
const PROBE_ROUNDS: u32 = 8;

/// Fails behind a transaction-mode pooler, which a run must detect before it acquires the lock. Returns whether
/// something else, such as a session-mode pooler, may be between the runner and the server.
pub(crate) async fn ensure_no_transaction_pooler(
    session: &Session,
    events: Events<'_>,
) -> Result<bool, Error> {
    if is_direct_connection(session).await? {
        return Ok(false);
    }
    let Some(mut other) = connect_probe(session, events).await? else {
        return Ok(true);
    };
    let doing = "check whether the server is behind a pooler";
    let pooled = shares_sessions(session, &mut other).await.map_err(Error::database(doing))?;
    // The result is known, so it does not matter how and when the connection of the probe ends.
    let _ = timeout(Duration::from_secs(1), other.close()).await;
    if pooled {
        return Err(Error::Pooler { server: session.options.url.server() });
    }
    Ok(true)
}

/// Opens the second connection that the probe needs. Returns `None` if PostgreSQL itself refuses it because no
/// connection is left for the role, the database or the server: in this case, the session of the run uses the last
/// connection, so no pooler shares it.
async fn connect_probe(
    session: &Session,
    events: Events<'_>,
) -> Result<Option<PgConnection>, Error> {
    if let Ok(Err(error)) = timeout(PROBE_TIMEOUT, connect::try_once(&session.options)).await
        && has_code(&error, sqlstate::TOO_MANY_CONNECTIONS)
        && is_from_postgresql(&error)
    {
        return Ok(None);
    }
    Ok(Some(connect::connection(&session.options, events).await?))
}

/// Returns whether the error names a routine of the server's source. An error of a pooler has no such field.
fn is_from_postgresql(error: &sqlx::Error) -> bool {
    let error =
        error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    error.is_some_and(|error| error.routine().is_some())
}

/// Returns whether the server reports the address and port of the URL as its own. If so, nothing is between the runner
/// and the server, and no probe is needed.
async fn is_direct_connection(session: &Session) -> Result<bool, Error> {
    let row = session
        .row(
            "SELECT host(inet_server_addr()) AS address, inet_server_port() AS port, \
             current_setting('port')::int AS configured, \
             CASE WHEN pg_has_role('pg_read_all_settings', 'MEMBER') \
             THEN current_setting('unix_socket_directories') END AS folders",
        )
        .await
        .map_err(Error::database("read the address of the server"))?;
    let read = Error::database("read the address of the server");
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

/// Returns whether a pooler shares server sessions between the two connections.
///
/// A pooler shows itself in one of three ways. If it has a free server session, it gives this session to both connections.
/// If a transaction of the other connection keeps the server session, it gives the session of the run another one. If it
/// rotates its server sessions, it gives two successive queries different ones. Other clients of the pooler may hide this
/// in one round, but not in many rounds.
async fn shares_sessions(session: &Session, other: &mut PgConnection) -> Result<bool, sqlx::Error> {
    for _ in 0..PROBE_ROUNDS {
        for _ in 0..2 {
            if backend_pid(session).await? != session.pid {
                return Ok(true);
            }
        }
        let Ok(other_pid) = timeout(PROBE_TIMEOUT, begin_transaction(other)).await else {
            // The pooler has no server session for the other connection. If the session of the run is a dedicated one, it
            // still answers.
            return match timeout(PROBE_TIMEOUT, backend_pid(session)).await {
                Ok(own_pid) => Ok(own_pid? != session.pid),
                Err(_) => Ok(true),
            };
        };
        if other_pid? == session.pid {
            return Ok(true);
        }
        // A dedicated session never waits for the end of a transaction of another session.
        let mut asking = std::pin::pin!(backend_pid(session));
        match timeout(PROBE_TIMEOUT, &mut asking).await {
            Ok(Ok(pid)) if pid == session.pid => {}
            Ok(own_pid) => return own_pid.map(|_| true),
            Err(_) => {
                // The session of the run has waited, so a pooler shares it, unless it is lost: once the transaction of the
                // other connection has ended, a shared session answers.
                other.execute("ROLLBACK").await?;
                let own_pid = timeout(PROBE_TIMEOUT, asking).await;
                return own_pid.map_err(|_| no_answer_error())?.map(|_| true);
            }
        }
        other.execute("ROLLBACK").await?;
    }
    Ok(false)
}

fn no_answer_error() -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "the server does not answer"))
}

/// Begins a transaction on the other connection, and returns the process id of its server session.
async fn begin_transaction(other: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let begin = sqlx::raw_sql(AssertSqlSafe("BEGIN; SELECT pg_backend_pid() AS pid"));
    let rows = other.fetch_all(begin).await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get("pid")
}

async fn backend_pid(session: &Session) -> Result<i32, sqlx::Error> {
    session.row("SELECT pg_backend_pid() AS pid").await?.try_get("pid")
}
