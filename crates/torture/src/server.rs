//! The server that the cases disturb. It is shut down in the modes `immediate` and `fast`, crashed, and started again.

use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use test_support::TestCluster;
use tokio::process::{Child, Command};
use tokio::sync::{RwLock, RwLockReadGuard};
use tokio::time::{sleep, timeout};

/// The time limit of all waits of this program.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The settings of the server. A crash of the server's processes loses the commits that are still in shared memory. An
/// asynchronous commit stays there for long, because the WAL writer, which would write it, sleeps for 10 s.
const SETTINGS: &str = "\
    wal_writer_delay = 10s\n\
    max_wal_size = '512MB'\n\
    shared_buffers = '64MB'\n\
    max_connections = 600\n\
    autovacuum = off\n\
    log_min_messages = warning\n";

/// A server of this program. It is stopped and removed when the value is dropped.
#[derive(Debug)]
pub struct DisturbedServer {
    cluster: TestCluster,
    /// The postmaster, in a lock that is held for reading while this program uses the server, and for writing while it
    /// stops the server. For this reason, only runners notice that the server goes down.
    postmaster: RwLock<Option<Child>>,
    /// The number that [`generation`](Self::generation) returns.
    generation: AtomicU64,
    /// The clause of CREATE DATABASE that copies the files of the template.
    file_copy: &'static str,
}

/// The way in which the server goes down. The server is started again at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// An immediate shutdown, after which the next start recovers.
    Immediate,
    /// A fast shutdown, which rolls back each transaction and writes all commits to disk.
    Fast,
    /// The server process of a session is killed, so the server ends all sessions and recovers.
    Crash {
        /// The database of the session.
        database_number: u64,
    },
}

impl DisturbedServer {
    /// Creates a cluster, in memory if there is enough space, and starts it on a loopback port.
    ///
    /// # Errors
    /// Fails if there are no server programs, or if they fail.
    pub async fn start() -> anyhow::Result<Self> {
        let mut server = Self {
            cluster: TestCluster::create(SETTINGS).context("failed to create a cluster")?,
            postmaster: RwLock::new(None),
            generation: AtomicU64::new(0),
            file_copy: "",
        };
        let child = server.spawn().await?;
        server.file_copy = server.file_copy_clause().await?;
        *server.postmaster.write().await = Some(child);
        Ok(server)
    }

    /// Starts the postmaster, and waits until it accepts connections.
    async fn spawn(&self) -> anyhow::Result<Child> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.cluster.dir().join("log"))
            .context("failed to open the log of the server")?;
        let mut command = Command::from(self.cluster.command("postgres"));
        command.args(["-D", "data"]).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().context("failed to start postgres")?;
        let startup = async {
            while self.connect("postgres").await.is_err() {
                if child.try_wait()?.is_some() {
                    bail!("the server does not start: {}", self.log());
                }
                sleep(Duration::from_millis(5)).await;
            }
            Ok(())
        };
        match timeout(PATIENCE, startup).await {
            Ok(started) => started?,
            Err(_) => bail!("the server does not answer: {}", self.log()),
        }
        Ok(child)
    }

    /// Returns the end of the server's own log.
    #[must_use]
    pub fn log(&self) -> String {
        let log = self.cluster.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Returns the URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Returns a number that changes when the server begins to go down, and again when it is up again.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Keeps the server up until the guard is dropped.
    pub async fn stay_up(&self) -> UpGuard<'_> {
        UpGuard(self.postmaster.read().await)
    }

    /// Connects to a database.
    ///
    /// # Errors
    /// Fails if the server does not accept the connection.
    pub async fn connect(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(&self.url(database)).await
    }

    /// Runs statements in the database `postgres`, each in a separate message. The caller keeps the server up.
    ///
    /// # Errors
    /// Returns the error of the server.
    pub async fn administer<const N: usize>(
        &self,
        statements: [String; N],
    ) -> Result<(), sqlx::Error> {
        let mut connection = self.connect("postgres").await?;
        for sql in statements {
            connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        }
        connection.close().await
    }

    /// Creates a database from a template by copying its files. The caller keeps the server up.
    ///
    /// A clone by the other strategy, `WAL_LOG`, may return the same numbers of a sequence again after a crash of the server.
    /// The sequence in the template says that the write-ahead log already has its next numbers, but the log has them only for
    /// the template and not for the clone.
    ///
    /// # Errors
    /// Returns the error of the server.
    pub async fn clone_database(&self, template: &str, database: &str) -> Result<(), sqlx::Error> {
        let clause = self.file_copy;
        self.administer([format!("CREATE DATABASE {database} TEMPLATE {template}{clause}")]).await
    }

    /// Returns the clause of CREATE DATABASE that copies files. PostgreSQL 14 has none and always copies files.
    async fn file_copy_clause(&self) -> Result<&'static str, sqlx::Error> {
        let mut connection = self.connect("postgres").await?;
        let sql = "SELECT current_setting('server_version_num')::int";
        let version: i32 = connection.fetch_one(sql).await?.try_get(0)?;
        connection.close().await?;
        Ok(if version >= 150_000 { " STRATEGY FILE_COPY" } else { "" })
    }

    /// Returns the processes of the sessions in a database. The caller keeps the server up.
    ///
    /// # Errors
    /// Returns the error of the server.
    pub async fn sessions(&self, database: &str) -> Result<Vec<Pid>, sqlx::Error> {
        let mut connection = self.connect("postgres").await?;
        let sql = format!(
            "SELECT pid FROM pg_stat_activity WHERE datname = '{database}' ORDER BY backend_start"
        );
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        connection.close().await?;
        rows.iter()
            .map(|row| row.try_get(0).map(Pid::from_raw))
            .filter_map(Result::transpose)
            .collect()
    }

    /// Waits until no other task of this program uses the server. Then stops the server and starts it again, unless
    /// `is_still_wanted` returns false. Returns whether it stopped the server.
    ///
    /// # Errors
    /// Fails if the server does not come back.
    pub async fn take_down(
        &self,
        outage: Outage,
        is_still_wanted: impl Fn() -> bool,
    ) -> anyhow::Result<bool> {
        let mut postmaster = self.postmaster.write().await;
        if !is_still_wanted() {
            return Ok(false);
        }
        let child = postmaster.as_mut().context("the server runs")?;
        let signal = match outage {
            Outage::Immediate => Signal::QUIT,
            Outage::Fast => Signal::INT,
            Outage::Crash { database_number } => {
                return self.crash(&database(database_number)).await;
            }
        };
        self.generation.fetch_add(1, Ordering::SeqCst);
        let pid =
            child.id().and_then(|id| Pid::from_raw(id.cast_signed())).context("the server runs")?;
        kill_process(pid, signal).context("failed to signal the server")?;
        timeout(PATIENCE, child.wait()).await.context("the server does not stop")??;
        *postmaster = Some(self.spawn().await?);
        self.generation.fetch_add(1, Ordering::SeqCst);
        Ok(true)
    }

    /// Kills the server process of the newest session in the database, and waits until the server has recovered. Returns false
    /// if there is no session.
    async fn crash(&self, database: &str) -> anyhow::Result<bool> {
        let Some(pid) = self.sessions(database).await?.pop() else {
            return Ok(false);
        };
        self.generation.fetch_add(1, Ordering::SeqCst);
        let killed = kill_process(pid, Signal::KILL).is_ok();
        let recovered = async {
            while test_kill_process(pid).is_ok() || self.connect("postgres").await.is_err() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, recovered)
            .await
            .with_context(|| format!("no recovery: {}", self.log()))?;
        self.generation.fetch_add(1, Ordering::SeqCst);
        Ok(killed)
    }

    /// Stops the server for good.
    pub async fn stop(&self) {
        if let Some(mut child) = self.postmaster.write().await.take() {
            if let Some(pid) = child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
                let _ = kill_process(pid, Signal::QUIT);
            }
            let _ = timeout(PATIENCE, child.wait()).await;
        }
    }
}

/// Keeps the server up until it is dropped.
#[derive(Debug)]
pub struct UpGuard<'s>(
    #[expect(dead_code, reason = "it is held")] RwLockReadGuard<'s, Option<Child>>,
);

/// Returns the name of the database of a case.
#[must_use]
pub fn database(number: u64) -> String {
    format!("case_{number}")
}
