//! The database of one test, from the moment at which the test acquires it until the test releases it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::admin::{self, CONNECT_TIMEOUT};
use crate::reset::{self, DropReason, Reset, StatsSnapshot};
use crate::server::DatabaseServer;
use crate::template::Template;
use crate::wait::{SERVER_CONNECTION, Wait};

/// The time that a test waits for one of its own connections.
const POOL_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// The time that a terminated session may take to end.
pub(crate) const SESSION_END_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of tests after which the catalog of an instance is vacuumed, because each test that writes leaves dead
/// rows in the catalog. Dropping the instance and cloning another one would take a hundred times as long.
const VACUUM_EVERY: i32 = 100;

/// The outcome of a test, which determines what happens to its instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TestOutcome {
    /// The instance is reset, or dropped.
    Passed,
    /// The instance is kept for inspection.
    Failed,
}

/// A database that only one test uses.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    /// The slot of the connection budget that the instance occupies.
    pub(crate) slot: i32,
    /// The test's connections. The manager's runtime opened the first one, and outlives the runtime of the test.
    pub(crate) pool: PgPool,
    /// The template of the instance, or `None` for an empty database, which is never reset.
    pub(crate) provenance: Option<Provenance>,
}

impl Instance {
    /// Returns the name of the instance's template, or `None` for an empty database.
    pub(crate) fn template_name(&self) -> Option<&str> {
        self.provenance.as_ref().map(|provenance| provenance.template.name.as_str())
    }
}

/// The template that an instance was cloned from, and the statistics that a reset compares the instance with.
#[derive(Debug)]
pub(crate) struct Provenance {
    pub(crate) template: Arc<Template>,
    /// The number of tests that have used the instance.
    pub(crate) uses: i32,
    /// The statistics when the instance last equaled its template.
    pub(crate) baseline: StatsSnapshot,
    /// The session that resets the instance. The first reset opens it.
    pub(crate) reset_connection: Option<PgConnection>,
}

/// Opens a pool with one connection. Waits while the server has no connection left, and prints that it waits.
///
/// The pool never closes a connection by itself, because a session belongs to the test until the test ends.
pub(crate) async fn open_pool(
    server: &DatabaseServer,
    name: &str,
    connections: u32,
) -> Result<PgPool, sqlx::Error> {
    let options = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(POOL_ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false);
    let mut wait = Wait::new(SERVER_CONNECTION);
    loop {
        match options.clone().connect_with(server.options(name)).await {
            // sqlx's pool retries while the server is starting or has no connection left, and then times out.
            Err(sqlx::Error::PoolTimedOut) if wait.elapsed() < CONNECT_TIMEOUT => {
                wait.print_if_due();
            }
            opened => return opened,
        }
    }
}

impl Provenance {
    /// Terminates every session in the instance, and makes the instance equal to its template.
    ///
    /// The reset connection stays open for the next time only if the reset succeeds.
    pub(crate) async fn reset(
        &mut self,
        server: &DatabaseServer,
        name: &str,
    ) -> Result<Reset, sqlx::Error> {
        let mut session = match self.reset_connection.take() {
            Some(session) => session,
            None => admin::connect(&server.options(name)).await?,
        };
        let Template { snapshot, table_data, .. } = &*self.template;
        let started_at = tokio::time::Instant::now();
        let inspection = loop {
            if reset::terminate_other_sessions(&mut session).await? == 0
                && let Some(inspection) = snapshot.inspect(&mut session, &self.baseline).await?
            {
                break inspection;
            }
            if started_at.elapsed() >= SESSION_END_TIMEOUT {
                return Ok(Reset::Impossible(DropReason::SessionDoesNotEnd));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        let reset = snapshot.reset(&mut session, &self.baseline, inspection, table_data).await?;
        if let Reset::Done(baseline) = &reset {
            if (self.uses + 1) % VACUUM_EVERY == 0 {
                session.execute("VACUUM pg_class").await?;
            }
            self.baseline.clone_from(baseline);
            self.reset_connection = Some(session);
        }
        Ok(reset)
    }
}

/// Removes what prevents `DROP DATABASE`: prepared transactions, inactive replication slots, and subscriptions.
pub(crate) async fn prepare_for_drop(
    server: &DatabaseServer,
    name: &str,
) -> Result<(), sqlx::Error> {
    let mut session = admin::connect(&server.options(name)).await?;
    let sql = "SELECT format('ROLLBACK PREPARED %L', gid) AS sql FROM pg_prepared_xacts \
        WHERE database = current_database() \
        UNION ALL SELECT format('SELECT pg_drop_replication_slot(%L)', slot_name) \
        FROM pg_replication_slots WHERE database = current_database() AND NOT active \
        UNION ALL SELECT format(s, subname) FROM pg_subscription, (VALUES (1, 'ALTER SUBSCRIPTION %I \
        DISABLE'), (2, 'ALTER SUBSCRIPTION %I SET (slot_name = NONE)'), (3, 'DROP SUBSCRIPTION %I')) \
        q (n, s) WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
    for row in sqlx::query(sql).fetch_all(&mut session).await? {
        let sql: String = row.try_get("sql")?;
        sqlx::query(AssertSqlSafe(sql)).execute(&mut session).await?;
    }
    Ok(())
}
