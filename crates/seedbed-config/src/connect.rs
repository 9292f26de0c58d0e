//! Connects to the database of a URL: the options of the driver, the wait for the server, and the errors.

mod certificates;
mod error;
mod server_version;
mod target_session;
mod url;

use std::time::{Duration, Instant};

use sqlx::{ConnectOptions as _, PgConnection};

pub use error::{ConnectError, reason, server_hint};
pub use server_version::{SUPPORTED_VERSIONS, VersionSupport, untested_message, version_text};
pub use target_session::ensure_target_session;
pub use url::Url;

use error::{is_tls, is_tls_file};

/// The SQLSTATE for a server, a database or a role without a free connection.
const TOO_MANY_CONNECTIONS: &str = "53300";

/// Returns whether another attempt to connect may succeed, because the server does not listen yet, is starting or
/// stopping, or has no free connection.
fn is_transient(url: &Url, error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => !is_tls(error) && !is_tls_file(url, error),
        sqlx::Error::Database(database) => {
            matches!(
                database.code().as_deref(),
                Some("57P03" | TOO_MANY_CONNECTIONS | "57P01" | "57P02")
            )
        }
        _ => false,
    }
}

/// Connects once. The server must accept the connection within `timeout`.
///
/// # Errors
/// Fails if the server does not accept the connection.
pub async fn connect_within(url: &Url, timeout: Duration) -> Result<PgConnection, ConnectError> {
    let connected = tokio::time::timeout(timeout, url.driver_options().connect()).await;
    let error = match connected {
        Ok(Ok(connection)) => return Ok(connection),
        Ok(Err(error)) => error,
        Err(_) => timed_out(),
    };
    Err(ConnectError::new(url, &error, None))
}

fn timed_out() -> sqlx::Error {
    let message = "the connection timed out";
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, message))
}

/// Connects with `connect`, and retries until the server of the URL accepts the connection or `wait` has elapsed. Calls
/// `on_wait` with the reason at the first failed attempt, and again every 10 seconds.
///
/// # Errors
/// Fails if no connection is accepted in time, or if another attempt could not succeed.
pub async fn retry_until_ready<T>(
    url: &Url,
    wait: Duration,
    on_wait: impl Fn(&str),
    connect: impl AsyncFn() -> Result<T, sqlx::Error>,
) -> Result<T, ConnectError> {
    let started_at = Instant::now();
    let mut pause = Duration::from_millis(20);
    let mut reported_at = Duration::ZERO;
    loop {
        let left = wait.saturating_sub(started_at.elapsed()).max(Duration::from_secs(1));
        let error = match tokio::time::timeout(left, connect()).await {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(error)) => error,
            Err(_) => timed_out(),
        };
        if !is_transient(url, &error) {
            return Err(ConnectError::new(url, &error, None));
        }
        let waited = started_at.elapsed();
        if waited >= wait {
            return Err(ConnectError::new(url, &error, Some(waited)));
        }
        // The server still counts a connection shortly after the client has closed it, so this reason is not reported
        // at once.
        let has_no_connection_left = error
            .as_database_error()
            .is_some_and(|error| error.code().as_deref() == Some(TOO_MANY_CONNECTIONS));
        let is_closing = has_no_connection_left && waited < Duration::from_secs(1);
        let is_report_due =
            reported_at.is_zero() || waited - reported_at >= Duration::from_secs(10);
        if is_report_due && !is_closing {
            reported_at = waited.max(Duration::from_millis(1));
            on_wait(&reason(&error));
        }
        tokio::time::sleep(pause.min(wait - waited)).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

/// Fails if the server is too old. Returns the major version if it is untested. Accepts a version that cannot be
/// parsed, because a pooler may send one.
///
/// # Errors
/// Fails if the server is older than the supported versions.
pub fn ensure_supported(url: &Url, version: Option<u32>) -> Result<Option<u32>, ConnectError> {
    let Some(version) = version else {
        return Ok(None);
    };
    match VersionSupport::from_server_version_num(version) {
        VersionSupport::Supported => Ok(None),
        VersionSupport::Untested => Ok(Some(version / 10_000)),
        VersionSupport::TooOld => {
            Err(ConnectError::TooOld { server: url.server(), version: version_text(version) })
        }
    }
}
