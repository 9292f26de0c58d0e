//! The one session that holds the lock and runs the scripts.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use seedbed_files::Kind;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgPool, PgQueryResult, PgRow};
use sqlx::{AssertSqlSafe, Executor as _, Postgres, Row as _};
use tokio::sync::Mutex;

use crate::connect::{self, ConnectError, Options};
use crate::event::Events;
use crate::sql::{ident, literal};

/// One session on one server process, for its whole life.
///
/// It is a pool of one, because SeaORM's own files want a pool, and the connection of it is kept at
/// hand: returning it to the pool costs a round trip for each statement.
#[derive(Debug)]
pub struct Session {
    pub(crate) options: Options,
    pool: PgPool,
    held: Mutex<Option<PoolConnection<Postgres>>>,
    pub(crate) facts: Facts,
    unread: Mutex<Option<Facts>>,
    resets: OnceLock<String>,
    given_up: AtomicBool,
    goes_through_something: AtomicBool,
}

const WATCH_CLIENT: &str = "SET client_connection_check_interval = '10s'; ";

/// What the server says of the session and of the tables that are ours.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) pid: i32,
    pub(crate) schema: Option<String>,
    pub(crate) has_migrations: bool,
    pub(crate) has_seeds: bool,
    pub(crate) has_log: bool,
}

impl Facts {
    /// Whether there is a history of that kind.
    pub(crate) fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Migration => self.has_migrations,
            Kind::Seed => self.has_seeds,
        }
    }

    /// Enough where the search path has no more than one schema.
    const SQL: &str = "\
        SELECT pg_backend_pid() AS pid, current_schema()::text AS schema, \
        cardinality(current_schemas(false)) > 1 AS several, \
        to_regclass('seaql_migrations') IS NOT NULL AS migrations, \
        to_regclass('seaql_seeds') IS NOT NULL AS seeds, \
        to_regclass('seedbed_log') IS NOT NULL AS log";

    /// A row for each schema on the search path.
    const EACH: &str = "\
        SELECT pg_backend_pid() AS pid, name::text AS schema, \
        to_regclass(quote_ident(name) || '.seaql_migrations') IS NOT NULL AS migrations, \
        to_regclass(quote_ident(name) || '.seaql_seeds') IS NOT NULL AS seeds, \
        to_regclass(quote_ident(name) || '.seedbed_log') IS NOT NULL AS log \
        FROM unnest(current_schemas(false)) name";

    /// Of the first schema that has a history, else of the one in which new tables land: a script may
    /// have made a schema of the role's own name, which comes first.
    fn choose(rows: &[PgRow]) -> Result<Self, sqlx::Error> {
        let path = rows.iter().map(Self::read).collect::<Result<Vec<_>, _>>()?;
        let home = path.iter().position(|facts| facts.has_migrations || facts.has_seeds);
        path.into_iter().nth(home.unwrap_or(0)).ok_or(sqlx::Error::RowNotFound)
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            pid: row.try_get("pid")?,
            schema: row.try_get("schema")?,
            has_migrations: row.try_get("migrations")?,
            has_seeds: row.try_get("seeds")?,
            has_log: row.try_get("log")?,
        })
    }
}

impl Session {
    /// Connects, waiting for the server as long as the options say. Creates nothing, locks nothing.
    ///
    /// # Errors
    /// When there is no connection to be had.
    pub async fn connect(options: Options, events: Events<'_>) -> Result<Self, ConnectError> {
        let (pool, connection) = connect::pool_of_one(&options, events).await?;
        let mut session = Self {
            options,
            pool,
            held: Mutex::new(Some(connection)),
            facts: Facts {
                pid: 0,
                schema: None,
                has_migrations: false,
                has_seeds: false,
                has_log: false,
            },
            unread: Mutex::new(None),
            resets: OnceLock::new(),
            given_up: AtomicBool::new(false),
            goes_through_something: AtomicBool::new(false),
        };
        session.facts = session.read_facts().await.map_err(|error| ConnectError::Other {
            server: session.options.url.server(),
            reason: error.to_string(),
        })?;
        session.unread = Mutex::new(Some(session.facts.clone()));
        Ok(session)
    }

    /// The facts: the first time those of a moment ago, then read again, as another runner, or this
    /// one, may have made the tables since.
    pub(crate) async fn latest_facts(&self) -> Result<Facts, sqlx::Error> {
        match self.unread.lock().await.take() {
            Some(facts) => Ok(facts),
            None => self.read_facts().await,
        }
    }

    async fn read_facts(&self) -> Result<Facts, sqlx::Error> {
        let row = self.row(Facts::SQL).await?;
        match row.try_get("several")? {
            true => Facts::choose(&self.rows(Facts::EACH).await?),
            false => Facts::read(&row),
        }
    }

    /// Runs statements without preparing them, in one round trip.
    pub(crate) async fn execute(
        &self,
        sql: impl Into<String>,
    ) -> Result<PgQueryResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        let mut held = self.held.lock().await;
        self.take(&mut held).await?.execute(sqlx::raw_sql(sql)).await
    }

    /// The rows of statements that are not prepared, in one round trip.
    pub(crate) async fn rows(&self, sql: impl Into<String>) -> Result<Vec<PgRow>, sqlx::Error> {
        let sql = AssertSqlSafe(sql.into());
        let mut held = self.held.lock().await;
        self.take(&mut held).await?.fetch_all(sqlx::raw_sql(sql)).await
    }

    /// The one row of such a statement.
    pub(crate) async fn row(&self, sql: impl Into<String>) -> Result<PgRow, sqlx::Error> {
        self.rows(sql).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }

    /// The connection, taken out of the pool if SeaORM had it last.
    pub(crate) async fn take<'h>(
        &self,
        held: &'h mut Option<PoolConnection<Postgres>>,
    ) -> Result<&'h mut PoolConnection<Postgres>, sqlx::Error> {
        if self.is_given_up() {
            return Err(sqlx::Error::PoolClosed);
        }
        if held.is_none() {
            *held = Some(self.pool.acquire().await?);
        }
        held.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    pub(crate) fn held(&self) -> &Mutex<Option<PoolConnection<Postgres>>> {
        &self.held
    }

    /// Frees the lock, which is that session's. A best effort: a session that is lost has freed it.
    pub(crate) async fn free_locks(&self, pid: i32) {
        let sql = "SELECT pg_advisory_unlock_all(), pg_backend_pid() AS pid";
        // Behind a pooler that was noticed too late, the next try may reach the right one.
        for _ in 0..20 {
            let reached = async { self.row(sql).await?.try_get::<i32, _>("pid") };
            if reached.await.is_ok_and(|reached| reached != pid) {
                continue;
            }
            return;
        }
    }

    /// There is something between us and the server, such as a pooler.
    pub(crate) fn goes_through_something(&self) {
        self.goes_through_something.store(true, Ordering::Relaxed);
    }

    /// Nothing is sent on it any more: a script was left in the middle of something, so an answer may
    /// never come, and the pool may never get its connection back.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Gives the connection back to the pool and the pool to SeaORM.
    pub(crate) async fn lend(&self) -> DatabaseConnection {
        self.held.lock().await.take();
        SqlxPostgresConnector::from_sqlx_postgres_pool(self.pool.clone())
    }

    /// The schema in which our tables are, quoted, with the table.
    pub(crate) fn table(&self, name: &str) -> String {
        match &self.facts.schema {
            Some(schema) => format!("{}.{}", ident(schema), ident(name)),
            None => ident(name),
        }
    }

    /// Puts every setting back to what a script should find, whatever the last one left behind.
    pub(crate) fn reset_sql(&self) -> &str {
        self.resets.get_or_init(|| self.compose_resets(""))
    }

    /// `RESET ALL` goes back to the values of the session's start, those of the role and of the
    /// database included; it leaves `role` and `session_authorization` alone. Behind a pooler they are
    /// those with which the pooler connected, so what the driver asked for is set once more.
    fn compose_resets(&self, more: &str) -> String {
        let statement_timeout = self.options.statement_timeout.unwrap_or(Duration::ZERO);
        let start_up = if self.goes_through_something.load(Ordering::Relaxed) {
            format!(
                "SET client_encoding = 'UTF8'; SET datestyle = 'ISO, MDY'; SET timezone = 'UTC'; \
                 SET application_name = {}; ",
                literal(&self.options.application_name())
            )
        } else {
            String::new()
        };
        format!(
            "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; {start_up}{more}\
             SET lock_timeout = {}; SET statement_timeout = {}; \
             SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0; \
             SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; \
             SET tcp_keepalives_count = 3",
            self.options.lock_timeout.as_millis(),
            statement_timeout.as_millis()
        )
    }

    /// Puts the settings in place for a run that will change something.
    ///
    /// The server shall look every ten seconds whether the client is still there while a statement
    /// runs; not every platform can.
    pub(crate) async fn prepare(&self) -> Result<(), sqlx::Error> {
        let mut more = String::new();
        if self.execute(WATCH_CLIENT).await.is_ok() {
            more += WATCH_CLIENT;
        }
        let held = self.held.lock().await;
        let version = held.as_ref().and_then(|connection| connection.server_version_num());
        drop(held);
        // A role may have a limit that suits its application, and no migration.
        if version.is_some_and(|version| version >= 170_000) {
            more += "SET transaction_timeout = 0; ";
        }
        let resets = self.resets.get_or_init(|| self.compose_resets(&more));
        self.execute(resets.as_str()).await.map(drop)
    }

    /// Ends the session, and with it the lock.
    pub async fn close(self) {
        if self.is_given_up() {
            return;
        }
        if let Some(connection) = self.held.into_inner() {
            drop(connection.close().await);
        }
        self.pool.close().await;
    }
}
