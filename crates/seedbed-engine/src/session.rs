//! The session that holds the lock and runs the scripts.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgListener, PgPool, PgQueryResult, PgRow};
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Row as _};
use tokio::sync::Mutex;

use crate::connect::{self, ConnectError, SessionOptions};
use crate::error::Error;
use crate::event::Events;
use crate::write_access::WriteAccess;

/// One session on one server process, for its whole life.
///
/// The session is a pool of one connection, because SeaORM files require a pool. The connection is kept out of the pool
/// as long as SeaORM does not need it: returning it to the pool costs a round trip for each statement.
#[derive(Debug)]
pub struct Session {
    pub(crate) options: SessionOptions,
    /// The process id of the server process.
    pub(crate) pid: i32,
    /// The changes that the session accepts.
    pub(crate) write_access: WriteAccess,
    /// A number that no other session has. It identifies the entries of this session in the log.
    pub(crate) mark: u64,
    pool: PgPool,
    /// The one connection of the pool; `None` while SeaORM uses the pool.
    connection: Mutex<Option<PoolConnection<Postgres>>>,
    /// Whether [`abandon`](Self::abandon) was called.
    abandoned: AtomicBool,
}

impl Session {
    /// Connects, and waits for the server as long as the options allow. Creates nothing and takes no lock.
    ///
    /// # Errors
    /// Fails if the connection cannot be opened.
    pub async fn connect(
        options: SessionOptions,
        events: Events<'_>,
    ) -> Result<Self, ConnectError> {
        let (pool, connection) = connect::pool_of_one(&options, events).await?;
        let mut session = Self {
            options,
            pid: 0,
            write_access: WriteAccess::ReadWrite,
            mark: RandomState::new().hash_one(SystemTime::now()),
            pool,
            connection: Mutex::new(Some(connection)),
            abandoned: AtomicBool::new(false),
        };
        let read = async {
            let sql = format!("SELECT pg_backend_pid() AS pid, {}", WriteAccess::COLUMNS);
            let row = session.row(sql).await?;
            Ok::<_, sqlx::Error>((row.try_get("pid")?, WriteAccess::from_row(&row)?))
        };
        let (pid, write_access) = read.await.map_err(|error| ConnectError::Other {
            server: session.options.url.server(),
            reason: error.to_string(),
        })?;
        (session.pid, session.write_access) = (pid, write_access);
        Ok(session)
    }

    /// Fails if the server is a standby, or if the session is read-only.
    pub(crate) fn ensure_read_write(&self) -> Result<(), Error> {
        self.write_access.ensure_read_write(&self.options)
    }

    /// Runs statements without preparing them, in one round trip.
    pub(crate) async fn execute(
        &self,
        sql: impl Into<String>,
    ) -> Result<PgQueryResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        let mut connection = self.connection.lock().await;
        self.acquire(&mut connection).await?.execute(sqlx::raw_sql(sql)).await
    }

    /// Runs statements without preparing them, in one round trip, and returns their rows.
    pub(crate) async fn rows(&self, sql: impl Into<String>) -> Result<Vec<PgRow>, sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        let mut connection = self.connection.lock().await;
        self.acquire(&mut connection).await?.fetch_all(sqlx::raw_sql(sql)).await
    }

    /// Runs a statement as [`rows`](Self::rows) does, and returns its first row.
    pub(crate) async fn row(&self, sql: impl Into<String>) -> Result<PgRow, sqlx::Error> {
        self.rows(sql).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }

    /// Returns the connection, and takes it out of the pool if SeaORM used it last.
    pub(crate) async fn acquire<'c>(
        &self,
        connection: &'c mut Option<PoolConnection<Postgres>>,
    ) -> Result<&'c mut PoolConnection<Postgres>, sqlx::Error> {
        if self.is_abandoned() {
            return Err(sqlx::Error::PoolClosed);
        }
        if connection.is_none() {
            *connection = Some(self.pool.acquire().await?);
        }
        connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    pub(crate) fn connection(&self) -> &Mutex<Option<PoolConnection<Postgres>>> {
        &self.connection
    }

    /// Returns the version of the server as a number, such as 170012; `None` if SeaORM uses the connection, or if the driver
    /// cannot read the version that the server sends.
    pub(crate) async fn server_version(&self) -> Option<u32> {
        self.connection.lock().await.as_ref().and_then(|connection| connection.server_version_num())
    }

    /// Makes every later use of the session fail. A script was abandoned in the middle of a statement, so the server may
    /// never answer, and the connection may never be returned to the pool.
    pub(crate) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// Makes the driver ignore the notifications of channels that a script listens to. The driver reports a notification as
    /// an unexpected response, unless a `PgListener` has used the connection before.
    pub(crate) async fn ignore_notifications(&self) -> Result<(), sqlx::Error> {
        self.connection.lock().await.take();
        // When the listener is dropped, it returns the connection to the pool, from which the next statement takes it.
        PgListener::connect_with(&self.pool).await.map(drop)
    }

    /// Returns the connection to the pool, and lends the pool to SeaORM.
    pub(crate) async fn as_sea_orm(&self) -> DatabaseConnection {
        self.connection.lock().await.take();
        SqlxPostgresConnector::from_sqlx_postgres_pool(self.pool.clone())
    }

    /// Ends the session, which releases the lock.
    pub async fn close(self) {
        if self.is_abandoned() {
            return;
        }
        if let Some(connection) = self.connection.into_inner() {
            drop(connection.close().await);
        }
        self.pool.close().await;
    }
}
