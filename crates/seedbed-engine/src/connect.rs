//! From a URL to a connection: parsing, waiting for the server, and what each refusal means.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgConnection};

use crate::event::{Event, Events};

/// A `postgres://…` URL that was understood. Printing it never prints the password.
#[derive(Clone)]
pub struct Url {
    options: PgConnectOptions,
}

impl Url {
    /// Reads a URL as libpq writes it; see the
    /// [documentation of connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
    ///
    /// # Errors
    /// When it is not such a URL. The message does not repeat it, as it may hold a password.
    pub fn parse(text: &str) -> Result<Self, ConnectError> {
        let text = text.trim();
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        if !matches!(scheme, Some("postgres" | "postgresql")) {
            return Err(ConnectError::Malformed(match scheme {
                Some(other) => format!("it begins with {other}://, and PostgreSQL is the database"),
                None => "it does not begin with postgres://".to_owned(),
            }));
        }
        let options = PgConnectOptions::from_str(text)
            .map_err(|error| ConnectError::Malformed(reason(&error)))?;
        // extra_float_digits among the start-up options is refused by PgBouncer's defaults.
        let options = options.extra_float_digits(None).disable_statement_logging();
        Ok(Self { options })
    }

    /// The name of the database: the user's if the URL names none, as the server has it.
    #[must_use]
    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    /// The role that connects.
    #[must_use]
    pub fn user(&self) -> &str {
        self.options.get_username()
    }

    /// The same server and user, another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self {
            options: self.options.clone().database(database),
        }
    }

    /// Where the server is: `host:port`, or the folder of its socket.
    #[must_use]
    pub fn server(&self) -> String {
        match self.socket() {
            Some(socket) => socket.to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }

    /// Whether the server is on this machine: a socket, or a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.socket().is_some()
            || matches!(self.options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]")
    }

    /// The folder of the socket, if it is one.
    pub(crate) fn socket(&self) -> Option<impl fmt::Display + '_> {
        self.options.get_socket().map(|path| path.display())
    }

    pub(crate) fn host_and_port(&self) -> (&str, u16) {
        (self.options.get_host(), self.options.get_port())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.database(), self.server())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How to connect, and how to behave once connected.
#[derive(Debug, Clone)]
pub struct Options {
    /// The database.
    pub url: Url,
    /// What the server's administrator sees; the URL's own `application_name` goes before it.
    pub application: String,
    /// `development`, `test`, `production`, …: which seeds run.
    pub environment: String,
    /// How long to wait for the server to accept connections.
    pub wait: Duration,
    /// How long to wait for another runner; as long as it takes if there is no limit.
    pub lock_wait: Option<Duration>,
    /// How long a statement may wait for a lock, others queueing behind it.
    pub lock_timeout: Duration,
    /// For how long a script that met a lock is tried again.
    pub lock_retry_for: Duration,
    /// How long a statement may run; no limit if there is none.
    pub statement_timeout: Option<Duration>,
}

impl Options {
    /// The defaults of the command line, for that URL, in `development`.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            application: "seedbed".to_owned(),
            environment: "development".to_owned(),
            wait: Duration::from_secs(30),
            lock_wait: None,
            lock_timeout: Duration::from_secs(5),
            lock_retry_for: Duration::from_secs(60),
            statement_timeout: None,
        }
    }

    fn driver(&self) -> PgConnectOptions {
        let options = self.url.options.clone();
        match options.get_application_name() {
            Some(_) => options,
            None => options.application_name(&self.application),
        }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL is not one.
    #[error("the database URL is malformed: {0}")]
    Malformed(String),
    /// Nobody answered in time.
    #[error("no PostgreSQL server answers at {server} after {waited:.0?}: {reason}")]
    Unreachable {
        /// Host and port, or the socket.
        server: String,
        /// How long was waited.
        waited: Duration,
        /// What the last try said.
        reason: String,
    },
    /// The server has no such database.
    #[error("the database {database} does not exist at {server}")]
    NoDatabase {
        /// The name in the URL.
        database: String,
        /// Host and port, or the socket.
        server: String,
    },
    /// The server refuses the role.
    #[error("{server} refuses the role {user}: {reason}")]
    Refused {
        /// Host and port, or the socket.
        server: String,
        /// The name in the URL.
        user: String,
        /// What the server said.
        reason: String,
    },
    /// TLS was asked for and did not come about.
    #[error("no TLS connection to {server}: {reason}")]
    Tls {
        /// Host and port.
        server: String,
        /// What the handshake said.
        reason: String,
    },
    /// Anything else.
    #[error("could not connect to {server}: {reason}")]
    Other {
        /// Host and port, or the socket.
        server: String,
        /// What the driver said.
        reason: String,
    },
}

impl ConnectError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Malformed(_) => {
                "it looks like postgres://user:password@host:5432/database; \
                 characters such as @ : / ? # in a password are written as %40 %3A %2F %3F %23"
                    .to_owned()
            }
            Self::Unreachable { .. } => {
                "is the server running, and is the host right? `--wait 60s` waits longer".to_owned()
            }
            Self::NoDatabase { database, .. } => {
                format!("`make fresh-start` creates it, or: createdb {database}")
            }
            Self::Refused { .. } => "check the user and password in DATABASE_URL".to_owned(),
            Self::Tls { .. } => {
                "sslrootcert=FILE in the URL names the authority that signed the server's \
                 certificate; sslmode=disable goes without TLS"
                    .to_owned()
            }
            Self::Other { .. } => return None,
        })
    }

    fn new(url: &Url, error: &sqlx::Error, waited: Option<Duration>) -> Self {
        let server = url.server();
        let reason = reason(error);
        if let Some(database) = error.as_database_error() {
            return match database.code().as_deref() {
                Some("3D000") => Self::NoDatabase {
                    database: url.database().to_owned(),
                    server,
                },
                Some(code) if code.starts_with("28") => Self::Refused {
                    server,
                    user: url.user().to_owned(),
                    reason,
                },
                _ => Self::Other { server, reason },
            };
        }
        match (error, waited) {
            (sqlx::Error::Tls(_), _) => Self::Tls { server, reason },
            (_, Some(waited)) => Self::Unreachable {
                server,
                waited,
                reason,
            },
            _ => Self::Other { server, reason },
        }
    }
}

/// The innermost message, which says what happened; the outer ones say that something did.
fn reason(error: &sqlx::Error) -> String {
    if let Some(database) = error.as_database_error() {
        return database.message().to_owned();
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Whether the server may yet come up: nobody listens, the socket is not there, it is starting or
/// stopping, or it has no connection left.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(database) => {
            matches!(database.code().as_deref(), Some("57P03" | "53300" | "57P01" | "57P02"))
        }
        _ => false,
    }
}

/// A pool that never holds more than one connection and never opens a second one.
///
/// SeaORM's own files want a `DatabaseConnection`, which is a pool; the lock and the scripts have to
/// share one session. Hence: no idle timeout, no lifetime, no ping, and once connected the pool's
/// options lead nowhere, so that a lost session is an error and not a new, unlocked session.
pub(crate) async fn pool_of_one(
    options: &Options,
    events: Events<'_>,
) -> Result<PgPool, ConnectError> {
    let driver = options.driver();
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(driver.clone());
    waiting(options, events, async || pool.acquire().await.map(drop)).await?;
    pool.set_connect_options(PgConnectOptions::new().socket("/nonexistent/the-session-was-lost"));
    Ok(pool)
}

/// A plain connection, for observing, for cancelling and for the maintenance database.
pub(crate) async fn connection(
    options: &Options,
    events: Events<'_>,
) -> Result<PgConnection, ConnectError> {
    let driver = options.driver();
    waiting(options, events, async || driver.connect().await).await
}

/// Tries until the server accepts connections, or `options.wait` is over, saying for what it waits.
async fn waiting<T>(
    options: &Options,
    events: Events<'_>,
    connect: impl AsyncFn() -> Result<T, sqlx::Error>,
) -> Result<T, ConnectError> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(20);
    let mut said = Duration::ZERO;
    loop {
        let left = options.wait.saturating_sub(begun.elapsed()).max(Duration::from_secs(1));
        let error = match tokio::time::timeout(left, connect()).await {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(error)) => error,
            Err(_) => sqlx::Error::Io(std::io::Error::new(
                std::io::ErrorKind::TimedOut,
                "the connection timed out",
            )),
        };
        if !may_pass(&error) {
            return Err(ConnectError::new(&options.url, &error, None));
        }
        let waited = begun.elapsed();
        if waited + pause >= options.wait {
            return Err(ConnectError::new(&options.url, &error, Some(waited)));
        }
        if said.is_zero() || waited - said >= Duration::from_secs(10) {
            said = waited.max(Duration::from_millis(1));
            events(&Event::WaitingForServer {
                server: &options.url.server(),
                reason: &reason(&error),
            });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_url_is_an_error_that_does_not_repeat_it() {
        for text in [
            "",
            "postgres",
            "mysql://root:secret@localhost/app",
            "postgres://user:secret@host:notaport/app",
            "postgres://user:secret@[::1/app",
            "postgres://user:secret@host:99999/app",
            "postgres://user:secret@host/app?sslmode=sometimes",
            "postgres://user:sec%ffret@host/app",
        ] {
            let error = Url::parse(text).expect_err(text).to_string();
            assert!(error.starts_with("the database URL is malformed: "), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_url_is_printed_without_user_and_password() {
        let url = Url::parse("postgres://user:secret@db.example:6543/app").expect("a URL");
        assert_eq!(url.to_string(), "app at db.example:6543");
        assert_eq!(format!("{url:?}"), "app at db.example:6543");
        assert!(!url.is_local());
    }

    #[test]
    fn a_socket_is_local() {
        let url = Url::parse("postgres:///app?host=/tmp/x&user=postgres").expect("a URL");
        assert_eq!(url.to_string(), "app at /tmp/x");
        assert!(url.is_local());
    }
}
