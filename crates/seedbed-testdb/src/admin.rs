//! The connection in which the records are, and the locks.

use std::sync::Once;
use std::time::{Duration, Instant};

use seedbed_engine::{SUPPORTED_VERSIONS, VersionSupport, untested_message};
use sqlx::postgres::PgConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
};

use crate::records;
use crate::server::{ADMIN, Server, VARIABLE};
use crate::template::said;

/// How long a server that takes no connection is asked again before that is an error.
pub(crate) const FULL: Duration = Duration::from_secs(120);

/// What one waits for then.
pub(crate) const A_CONNECTION: &str = "the server to take another connection";

/// How often one who waits says so.
const WORD: Duration = Duration::from_secs(10);

/// After that long without use it is asked whether the connection still lives.
const SURE: Duration = Duration::from_secs(1);

/// What is so as long as the server runs.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) version: u32,
    /// Whether our role may write what CREATE DATABASE does not copy.
    pub(crate) is_superuser: bool,
    /// Whether used instances can be put back: that takes a role that may do everything, and counters
    /// that a session leaves behind when it ends, which PostgreSQL has since version 15.
    pub(crate) can_reset: bool,
    /// Since when the server's counters count: a crash sets all of them to nothing.
    pub(crate) era: String,
    /// How many connections our role may have.
    pub(crate) connections: i64,
}

/// The connection; its session holds a lock that tells others that this process lives.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) connection: PgConnection,
    pub(crate) facts: Facts,
    used: Instant,
}

impl Admin {
    pub(crate) async fn connect(server: &Server, owner: i64) -> Result<Self, String> {
        let mut connection =
            connect(&server.options(ADMIN)).await.map_err(|error| match error {
                sqlx::Error::Io(error) => {
                    let server = server.any_url().server();
                    format!("{error}: is the server of {VARIABLE} ({server}) running?")
                }
                error => said(error),
            })?;
        records::make_tables(&mut connection).await.map_err(said)?;
        live(&mut connection, owner).await.map_err(said)?;
        let facts = Facts::read(&mut connection).await.map_err(said)?;
        ensure_supported(facts.version)?;
        Ok(Self { connection, facts, used: Instant::now() })
    }

    /// Whether the connection lives; the server may have been started again.
    pub(crate) async fn lives(&mut self) -> bool {
        let lives = self.used.elapsed() < SURE || self.connection.ping().await.is_ok();
        self.used = Instant::now();
        lives
    }
}

/// Refuses a server that is too old. Says once in this process that one is untested.
fn ensure_supported(version: u32) -> Result<(), String> {
    static UNTESTED: Once = Once::new();
    let major = version / 10_000;
    match VersionSupport::from_server_version_num(version) {
        VersionSupport::TooOld => {
            let (oldest, newest) = (SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end());
            return Err(format!(
                "PostgreSQL {major} is too old: {oldest} to {newest} are supported"
            ));
        }
        VersionSupport::Untested => {
            UNTESTED.call_once(|| eprintln!("warning: {}", untested_message(major)));
        }
        _ => {}
    }
    Ok(())
}

impl Facts {
    async fn read(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let sql = "SELECT rolsuper, current_setting('track_counts')::bool AS counts, \
            (SELECT stats_reset::text FROM pg_stat_archiver) AS era, \
            current_setting('max_connections')::bigint \
            - current_setting('superuser_reserved_connections')::bigint \
            - coalesce(current_setting('reserved_connections', true)::bigint, 0) AS connections \
            FROM pg_roles WHERE rolname = current_user";
        let row = connection.fetch_one(sql).await?;
        let version = connection.server_version_num().unwrap_or_default();
        let is_superuser = row.try_get("rolsuper")?;
        let can_reset = version >= 150_000 && is_superuser && row.try_get("counts")?;
        let connections = row.try_get("connections")?;
        let era = row.try_get::<Option<String>, _>("era")?.unwrap_or_default();
        Ok(Self { version, is_superuser, can_reset, era, connections })
    }
}

/// Tells others that this process lives, as long as one of its sessions does: the server goes on making
/// a database after the process that asked for it was killed, and only then can it be dropped.
pub(crate) async fn live(connection: &mut PgConnection, owner: i64) -> Result<(), sqlx::Error> {
    let lock = sqlx::query("SELECT pg_advisory_lock_shared($1)").bind(owner);
    lock.execute(connection).await.map(drop)
}

/// Takes the advisory lock of that key, if nobody has it. Tried, never waited for.
pub(crate) async fn try_lock(session: &mut PgConnection, key: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key).fetch_one(session).await
}

/// Gives it back.
pub(crate) async fn unlock(session: &mut PgConnection, key: i64) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(key).execute(session).await.map(drop)
}

/// Whether the server is full, or starts, as after a crash.
fn is_for_now(error: &sqlx::Error) -> bool {
    has_code(error, "53300") || has_code(error, "57P03")
}

/// Connects; waits while the server takes no other connection, and says so.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    // Our statements are the same again and again: planning them takes longer than running them.
    let options = options.clone().application_name("seedbed-testdb").options([
        ("plan_cache_mode", "force_generic_plan"),
        // A session that is ended takes with it what says that this process lives.
        ("idle_session_timeout", "0"),
        ("statement_timeout", "0"),
    ]);
    let mut waiting = Waiting::new(A_CONNECTION);
    loop {
        match options.connect().await {
            Err(error) if is_for_now(&error) && waiting.since() < FULL => {}
            result => return result,
        }
        waiting.pause().await;
    }
}

/// Pauses between tries, and says every ten seconds for what.
#[derive(Debug)]
pub(crate) struct Waiting {
    what: &'static str,
    begun: Instant,
    next_word: Duration,
    pause: Duration,
}

/// The first and the longest pause between two tries.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(1280)];

impl Waiting {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, begun: Instant::now(), next_word: WORD, pause: PAUSES[0] }
    }

    /// For how long, until now.
    pub(crate) fn since(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Pauses, each time longer, and jittered: not all who wait come back at once.
    pub(crate) async fn pause(&mut self) {
        let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
        tokio::time::sleep(self.pause.mul_f64(0.5 + (random % 1000) as f64 / 1000.0)).await;
        self.pause = PAUSES[1].min(self.pause * 2);
        self.say();
    }

    /// Says for what, if it is time.
    pub(crate) fn say(&mut self) {
        if self.begun.elapsed() >= self.next_word {
            self.next_word += WORD;
            eprintln!("waiting for {}, for {} s", self.what, self.begun.elapsed().as_secs());
        }
    }
}

/// Makes or drops databases: statements that take no values and run alone.
pub(crate) async fn execute(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}

pub(crate) fn has_code(error: &sqlx::Error, code: &str) -> bool {
    let has = error.as_database_error().and_then(|error| error.code());
    has.is_some_and(|has| has == code)
}
