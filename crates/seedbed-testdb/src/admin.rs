//! The connections to the server's database `postgres`, and the advisory locks that they hold.

use std::sync::Once;
use std::time::{Duration, Instant};

use seedbed_engine::{VersionSupport, untested_message};
use sqlx::postgres::PgConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
};

use crate::error::{Error, Result};
use crate::registry;
use crate::server::{ADMIN_DATABASE, DatabaseServer};
use crate::sqlstate::{CANNOT_CONNECT_NOW, TOO_MANY_CONNECTIONS, has_sqlstate};
use crate::wait::{SERVER_CONNECTION, Wait};

/// The time during which a connection is retried while the server is starting or has no connection left.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(120);

/// The time without use after which a connection is pinged before it is used.
const PING_AFTER: Duration = Duration::from_secs(1);

/// The facts about the server that this crate needs. They do not change while the server runs.
#[derive(Debug, Clone)]
pub(crate) struct ServerInfo {
    /// The version in the form of `server_version_num`, such as 170004.
    pub(crate) version: u32,
    /// Whether the role is a superuser, who may copy properties that `CREATE DATABASE` does not copy by writing to the
    /// catalog.
    pub(crate) is_superuser: bool,
    /// Whether used instances can be reset. A reset requires a superuser, and a server that flushes the statistics of a
    /// session when it ends, which PostgreSQL does since version 15.
    pub(crate) can_reset: bool,
    /// Identifies the period in which the server's statistics count. A crash resets all of them and starts a new
    /// period.
    pub(crate) stats_epoch: String,
    /// The number of connections that the role may use.
    pub(crate) connections: i64,
}

/// The connection to the registry. Its session holds the liveness lock of this process.
#[derive(Debug)]
pub(crate) struct AdminConnection {
    pub(crate) connection: PgConnection,
    pub(crate) server: ServerInfo,
    used_at: Instant,
}

impl AdminConnection {
    /// Connects, creates the registry if the server has none, and takes the liveness lock.
    ///
    /// # Errors
    /// Fails if the server does not answer, or is older than the oldest supported version.
    pub(crate) async fn connect(server: &DatabaseServer, owner: i64) -> Result<Self> {
        let connection = connect(&server.options(ADMIN_DATABASE)).await;
        let mut connection = connection.map_err(|error| match error {
            sqlx::Error::Io(source) => {
                Error::Unreachable { server: server.any_url().server(), source }
            }
            error => error.into(),
        })?;
        registry::create_tables(&mut connection).await?;
        hold_liveness_lock(&mut connection, owner).await?;
        let server = ServerInfo::read(&mut connection).await?;
        ensure_supported(server.version)?;
        Ok(Self { connection, server, used_at: Instant::now() })
    }

    /// Returns whether the connection is open. A restart of the server closes it.
    pub(crate) async fn is_alive(&mut self) -> bool {
        let is_alive = self.used_at.elapsed() < PING_AFTER || self.connection.ping().await.is_ok();
        self.used_at = Instant::now();
        is_alive
    }
}

/// Refuses a server that is too old. Warns once in each process about a version that is not tested yet.
fn ensure_supported(version: u32) -> Result<()> {
    static UNTESTED: Once = Once::new();
    let major = version / 10_000;
    match VersionSupport::from_server_version_num(version) {
        VersionSupport::TooOld => return Err(Error::UnsupportedVersion { major }),
        VersionSupport::Untested => {
            UNTESTED.call_once(|| eprintln!("warning: {}", untested_message(major)));
        }
        _ => {}
    }
    Ok(())
}

impl ServerInfo {
    async fn read(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let sql = "SELECT rolsuper, current_setting('track_counts')::bool AS counts, \
            (SELECT stats_reset::text FROM pg_stat_archiver) AS stats_epoch, \
            current_setting('max_connections')::bigint \
            - current_setting('superuser_reserved_connections')::bigint \
            - coalesce(current_setting('reserved_connections', true)::bigint, 0) AS connections \
            FROM pg_roles WHERE rolname = current_user";
        let row = connection.fetch_one(sql).await?;
        let version = connection.server_version_num().unwrap_or_default();
        let is_superuser = row.try_get("rolsuper")?;
        let can_reset = version >= 150_000 && is_superuser && row.try_get("counts")?;
        let connections = row.try_get("connections")?;
        let stats_epoch = row.try_get::<Option<String>, _>("stats_epoch")?.unwrap_or_default();
        Ok(Self { version, is_superuser, can_reset, stats_epoch, connections })
    }
}

/// Takes the shared lock that tells other processes that the owner lives. The lock lasts as long as the session.
///
/// Every session that creates databases holds this lock. The server continues a `CREATE DATABASE` after the client was
/// killed, and the new database can only be dropped when that session has ended. Until then, the lock shows that the
/// owner lives.
pub(crate) async fn hold_liveness_lock(
    connection: &mut PgConnection,
    owner: i64,
) -> Result<(), sqlx::Error> {
    let lock = sqlx::query("SELECT pg_advisory_lock_shared($1)").bind(owner);
    lock.execute(connection).await.map(drop)
}

/// Takes the advisory lock with the given key if it is free, and returns whether it was free. Never waits.
pub(crate) async fn try_lock(session: &mut PgConnection, key: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key).fetch_one(session).await
}

/// Releases the advisory lock with the given key.
pub(crate) async fn unlock(session: &mut PgConnection, key: i64) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(key).execute(session).await.map(drop)
}

/// Returns whether a later attempt can succeed, because the server is starting or all its connections are in use.
fn is_transient(error: &sqlx::Error) -> bool {
    has_sqlstate(error, TOO_MANY_CONNECTIONS) || has_sqlstate(error, CANNOT_CONNECT_NOW)
}

/// Connects to the server. Waits while the server is starting or has no connection left, and prints that it waits.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    // This crate repeats a few statements, and planning some of them takes longer than running them.
    let options = options.clone().application_name("seedbed-testdb").options([
        ("plan_cache_mode", "force_generic_plan"),
        // A timeout would end the session, and with it the liveness lock.
        ("idle_session_timeout", "0"),
        ("statement_timeout", "0"),
    ]);
    let mut wait = Wait::new(SERVER_CONNECTION);
    loop {
        match options.connect().await {
            Err(error) if is_transient(&error) && wait.elapsed() < CONNECT_TIMEOUT => {}
            result => return result,
        }
        wait.pause().await;
    }
}

/// Executes a statement that takes no parameters and cannot run in a transaction, such as `CREATE DATABASE`.
pub(crate) async fn execute(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}
