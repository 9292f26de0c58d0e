//! Connects to the database of a URL, and waits for the server.

mod preparation;

use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Postgres};

use crate::driver_error::has_code;
use crate::event::{Event, Events};
use crate::sqlstate;
use seedbed_build::Environment;

pub use seedbed_config::{ConnectError, Url};

/// The lifetime of a database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DatabaseLifetime {
    /// The database of an application.
    #[default]
    Permanent,
    /// The template of test databases, which is dropped when the scripts change.
    Tests,
    /// A database that is dropped at the end of one command, so that no commit has to reach the disk.
    Command,
}

impl DatabaseLifetime {
    /// Returns whether Seedbed created the database for tests or for one command, and drops it later.
    #[must_use]
    pub fn is_temporary(self) -> bool {
        self != Self::Permanent
    }
}

/// The setting with which SQL finds out that it runs in a temporary database. It is sent when the session starts, so RESET
/// ALL keeps it.
const TEMPORARY_SETTING: (&str, &str) = ("seedbed.temporary_database", "on");

/// The options of a session: how to connect, and how to run scripts once connected.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The URL of the database.
    pub url: Url,
    /// The role that runs all statements, by SET ROLE, and that owns the created objects. `None` means the role that
    /// connects.
    pub role: Option<String>,
    /// The application name that `pg_stat_activity` shows, unless the URL has an `application_name`.
    pub application: String,
    /// The environment, such as `development` or `production`. It decides which seeds run.
    pub environment: Environment,
    /// The time to wait for the server to accept connections.
    pub wait: Duration,
    /// The time to wait for another runner; `None` sets no limit.
    pub lock_wait: Option<Duration>,
    /// The time that a statement may wait for a lock while other sessions queue behind it.
    pub lock_timeout: Duration,
    /// The time during which to retry a script that cannot get a lock.
    pub lock_retry_for: Duration,
    /// Whether to migrate a database that has the history of another tool and none of Seedbed.
    pub ignore_other_history: bool,
    /// The time that a statement may run; `None` sets no limit.
    pub statement_timeout: Option<Duration>,
    /// The lifetime of the database. In a temporary database, [`Schema::is_temporary_database`] returns true, and
    /// statements that change another database are skipped with a warning.
    ///
    /// [`Schema::is_temporary_database`]: crate::Schema::is_temporary_database
    pub lifetime: DatabaseLifetime,
}

impl SessionOptions {
    /// Creates options with the defaults of the command line, in the environment `development`.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            role: None,
            application: "seedbed".to_owned(),
            environment: Environment::DEVELOPMENT,
            wait: Duration::from_secs(30),
            lock_wait: None,
            lock_timeout: Duration::from_secs(5),
            lock_retry_for: Duration::from_secs(60),
            ignore_other_history: false,
            statement_timeout: None,
            lifetime: DatabaseLifetime::Permanent,
        }
    }

    /// Returns the role whose privileges apply.
    pub(crate) fn effective_role(&self) -> &str {
        self.role.as_deref().unwrap_or_else(|| self.url.user())
    }

    /// Returns the application name that `pg_stat_activity` shows.
    pub(crate) fn application_name(&self) -> String {
        self.driver().get_application_name().unwrap_or_default().to_owned()
    }

    fn driver(&self) -> PgConnectOptions {
        let options = match self.lifetime.is_temporary() {
            true => self.url.driver_options().clone().options([TEMPORARY_SETTING]),
            false => self.url.driver_options().clone(),
        };
        match options.get_application_name() {
            Some(_) => options,
            None => options.application_name(&self.application),
        }
    }
}

/// The time that one attempt to connect may take, and that a statement of a SeaORM file may wait for the one connection of
/// its pool. Such a statement waits in vain, since only the file itself can hold the connection. A busy server, or one that
/// resumes from a pause, may need several seconds to accept a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(8);

/// Creates a pool that holds one connection and never opens a second one.
///
/// SeaORM files require a `DatabaseConnection`, which is a pool, but the lock and the scripts have to share one session. So
/// the pool has no idle timeout, no lifetime and no ping. Once it is connected, its options point to no server, so that a
/// lost session is an error and not a new session without the lock.
pub(crate) async fn pool_of_one(
    options: &SessionOptions,
    events: Events<'_>,
) -> Result<(PgPool, PoolConnection<Postgres>), ConnectError> {
    let driver = options.driver();
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(driver.clone());
    let mut connection = retry_until_ready(options, events, async || {
        tokio::select! {
            biased;
            acquired = pool.acquire() => acquired.map_err(retryable),
            error = probe_connect_error(&driver) => Err(error),
        }
    })
    .await?;
    ensure_supported(options, connection.server_version_num(), events)?;
    preparation::prepare(&mut connection, options).await?;
    pool.set_connect_options(PgConnectOptions::new().socket("/nonexistent/the-session-was-lost"));
    Ok((pool, connection))
}

/// Turns the timeout of the pool into an error after which another attempt may succeed: the server may need longer for
/// its first connection.
fn retryable(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut => sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()),
        error => error,
    }
}

/// Returns the error that the pool hides. The pool retries by itself while the server does not listen or is starting,
/// and reports only a timeout.
async fn probe_connect_error(driver: &PgConnectOptions) -> sqlx::Error {
    let started_at = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        match driver.connect().await {
            // A role that may have only one connection has used it up: the pool is about to get that connection.
            Err(error)
                if has_code(&error, sqlstate::TOO_MANY_CONNECTIONS)
                    && started_at.elapsed() < Duration::from_secs(3) => {}
            Err(error) => return error,
            Ok(connection) => {
                // The pool's next attempt will succeed too. This connection only tested the server.
                let _ = connection.close().await;
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Opens a plain connection, for example to observe a session or to read the catalog. Waits for the server as long as the
/// options allow.
///
/// # Errors
/// Fails if the connection cannot be opened.
pub async fn connection(
    options: &SessionOptions,
    events: Events<'_>,
) -> Result<PgConnection, ConnectError> {
    let driver = options.driver();
    let mut connection =
        retry_until_ready(options, events, async || driver.connect().await).await?;
    ensure_supported(options, connection.server_version_num(), events)?;
    preparation::prepare(&mut connection, options).await?;
    Ok(connection)
}

/// Opens a plain connection without waiting for the server.
pub(crate) async fn try_once(options: &SessionOptions) -> Result<PgConnection, sqlx::Error> {
    options.driver().connect().await
}

/// Fails if the server is too old, and reports an event if its version is untested.
fn ensure_supported(
    options: &SessionOptions,
    version: Option<u32>,
    events: Events<'_>,
) -> Result<(), ConnectError> {
    if let Some(major) = seedbed_config::ensure_supported(&options.url, version)? {
        events(&Event::UntestedServer { major });
    }
    Ok(())
}

/// Retries until the server accepts the connection or `options.wait` has elapsed, and reports the reason while it waits.
async fn retry_until_ready<T>(
    options: &SessionOptions,
    events: Events<'_>,
    connect: impl AsyncFn() -> Result<T, sqlx::Error>,
) -> Result<T, ConnectError> {
    let server = options.url.server();
    let on_wait = |reason: &str| events(&Event::WaitingForServer { server: &server, reason });
    seedbed_config::retry_until_ready(&options.url, options.wait, on_wait, connect).await
}
