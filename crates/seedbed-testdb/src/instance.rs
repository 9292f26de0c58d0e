//! One database of one test, from its being taken to its being given back.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::admin::{self, A_CONNECTION, FULL, Waiting};
use crate::reset::{self, Reset, State};
use crate::server::Server;
use crate::template::Template;

/// For how long a test waits for one of its own connections.
const ACQUIRE: Duration = Duration::from_secs(30);

/// For how long a session that was told to end may go on.
pub(crate) const LAST_WORDS: Duration = Duration::from_secs(10);

/// After so many tests the catalogue of an instance is vacuumed, as each one that writes leaves dead rows
/// in it: dropping the instance then and cloning another one takes a hundred times as long.
const VACUUM_EVERY: i32 = 100;

/// What becomes of an instance at the end of its test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It is put back, or dropped.
    Pass,
    /// It is kept, to be looked at.
    Fail,
}

/// A database that only one test has.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) slot: i32,
    /// One connection of it was opened here, in a runtime that outlives the test's.
    pub(crate) pool: PgPool,
    /// None for an empty one, which is never put back.
    pub(crate) provenance: Option<Provenance>,
}

impl Instance {
    /// The name of its template; none for an empty one.
    pub(crate) fn template(&self) -> Option<&str> {
        self.provenance.as_ref().map(|provenance| provenance.template.name.as_str())
    }
}

/// What an instance was cloned from, and how it came back from there.
#[derive(Debug)]
pub(crate) struct Provenance {
    pub(crate) template: Arc<Template>,
    /// How many tests have had it.
    pub(crate) uses: i32,
    /// Its state when it was as its template is.
    pub(crate) state: State,
    /// The session that puts it back, once it had to.
    pub(crate) reset_connection: Option<PgConnection>,
}

/// Opens a pool with one connection. It never closes one by itself: a test's session is its own until
/// the test has ended. Waits while the server takes no other connection, and says so.
pub(crate) async fn open(
    server: &Server,
    name: &str,
    connections: u32,
) -> Result<PgPool, sqlx::Error> {
    let options = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false);
    let mut waiting = Waiting::new(A_CONNECTION);
    loop {
        match options.clone().connect_with(server.options(name)).await {
            // What the pool says of a server that is full, or starts.
            Err(sqlx::Error::PoolTimedOut) if waiting.since() < FULL => waiting.say(),
            opened => return opened,
        }
    }
}

impl Provenance {
    /// Ends every session in the instance, and makes it what its template is. The reset_connection stays for
    /// the next time only if that was done.
    pub(crate) async fn put_back(
        &mut self,
        server: &Server,
        name: &str,
    ) -> Result<Reset, sqlx::Error> {
        let mut session = match self.reset_connection.take() {
            Some(session) => session,
            None => admin::connect(&server.options(name)).await?,
        };
        let Template { pristine, contents, .. } = &*self.template;
        let begun = tokio::time::Instant::now();
        let seen = loop {
            if reset::end_others(&mut session).await? == 0
                && let Some(seen) = pristine.look(&mut session, &self.state).await?
            {
                break seen;
            }
            if begun.elapsed() >= LAST_WORDS {
                return Ok(Reset::Beyond("a session in it does not end"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        let reset = pristine.reset(&mut session, &self.state, seen, contents).await?;
        if let Reset::Done(state) = &reset {
            if (self.uses + 1) % VACUUM_EVERY == 0 {
                session.execute("VACUUM pg_class").await?;
            }
            self.state.clone_from(state);
            self.reset_connection = Some(session);
        }
        Ok(reset)
    }
}

/// Undoes what would keep the database from being dropped: prepared transactions, slots that nobody
/// reads from, subscriptions.
pub(crate) async fn prepare_for_drop(server: &Server, name: &str) -> Result<(), sqlx::Error> {
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
