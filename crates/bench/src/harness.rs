//! The server, the programs and the clock that the measurements share.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use seedbed_schema::{DatabaseSchema, ReadOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};

use crate::Args;

/// The database on which measurements run. Each measurement recreates it.
pub(crate) const DATABASE: &str = "seedbed_bench";

/// The server to measure on, and the programs to measure.
pub(crate) struct Harness<'a> {
    pub(crate) args: &'a Args,
    migrator: PathBuf,
    /// The folder of psql and pg_dump.
    bin_dir: PathBuf,
    /// The folder for generated SQL files.
    scratch_dir: PathBuf,
}

impl<'a> Harness<'a> {
    /// Finds the programs. `bench-migrator` must be in the folder of this program.
    pub(crate) fn new(args: &'a Args) -> anyhow::Result<Self> {
        let this =
            std::env::current_exe().context("failed to find the path of the `bench` executable")?;
        let bin_dir =
            this.parent().context("the path of the `bench` executable has no parent folder")?;
        let scratch_dir = bin_dir.join("bench-sql");
        std::fs::create_dir_all(&scratch_dir).context("failed to create the scratch folder")?;
        let migrator = bin_dir.join("bench-migrator");
        Ok(Self { args, migrator, bin_dir: find_client_programs()?, scratch_dir })
    }

    /// Returns a command that runs psql on a database.
    pub(crate) fn psql(&self, url: &str, args: &[&str]) -> Command {
        let mut command = Command::new(self.bin_dir.join("psql"));
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]).args(args);
        command
    }

    /// Returns a command that prints the schema of a database with pg_dump.
    pub(crate) fn pg_dump(&self, url: &str) -> Command {
        let mut command = Command::new(self.bin_dir.join("pg_dump"));
        command.args(["--schema-only", "--no-owner", "--dbname", url]);
        command
    }

    /// Returns a command that runs `migrate-up` with the first `count` scripts on a database.
    pub(crate) fn migrator(&self, url: &str, count: u32) -> Command {
        self.migrator_command("migrate-up", url, count)
    }

    /// Returns a command that runs the command `name` of the migrator with the first `count` scripts on a database.
    pub(crate) fn migrator_command(&self, name: &str, url: &str, count: u32) -> Command {
        let mut command = Command::new(&self.migrator);
        command.arg(name).env("DATABASE_URL", url).env("SCRIPTS", count.to_string());
        command
    }

    /// Runs a statement in the database `postgres`.
    pub(crate) fn run_as_admin(&self, sql: &str) -> anyhow::Result<()> {
        time(self.psql(&self.url("postgres"), &["-c", sql])).map(drop)
    }

    /// Drops [`DATABASE`] and creates it again, empty.
    pub(crate) fn recreate_database(&self) -> anyhow::Result<()> {
        self.recreate(DATABASE)
    }

    /// Drops a database and creates it again, empty.
    pub(crate) fn recreate(&self, database: &str) -> anyhow::Result<()> {
        self.drop_database(database)?;
        self.run_as_admin(&format!("CREATE DATABASE {database}"))
    }

    /// Drops a database if it exists.
    pub(crate) fn drop_database(&self, database: &str) -> anyhow::Result<()> {
        self.run_as_admin(&format!("DROP DATABASE IF EXISTS {database}"))
    }

    /// Runs a future with a connection to a database.
    pub(crate) fn with_connection<T>(
        &self,
        database: &str,
        work: impl AsyncFnOnce(&mut PgConnection) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let options: PgConnectOptions =
            self.url(database).parse().context("failed to read the URL")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async { work(&mut options.connect().await?).await })
    }

    /// Reads the schema of a database.
    pub(crate) fn read_schema(&self, database: &str) -> anyhow::Result<DatabaseSchema> {
        self.with_connection(database, async |connection| {
            Ok(DatabaseSchema::read(connection, &ReadOptions::default()).await?)
        })
    }

    /// Writes an SQL file into the scratch folder, and returns its path.
    pub(crate) fn write_sql(&self, name: &str, sql: &str) -> anyhow::Result<PathBuf> {
        let path = self.scratch_dir.join(name);
        std::fs::write(&path, sql)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
        Ok(path)
    }

    /// Returns the URL of another database on the same server.
    pub(crate) fn url(&self, database: &str) -> String {
        let url = &self.args.database_url;
        let (before_query, query) = url.split_once('?').unwrap_or((url, ""));
        let authority = before_query.find("://").map_or(0, |at| at + 3);
        let path = before_query[authority..].find('/');
        let path = path.map_or(before_query.len(), |at| authority + at);
        format!("{}/{database}?{query}", &before_query[..path])
    }
}

/// Returns the folder of psql and pg_dump that `pg_config` prints. The programs on the PATH would not do: on Debian, they are
/// Perl wrappers that take 20 ms longer.
fn find_client_programs() -> anyhow::Result<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output();
    let bin_dir = match output {
        Ok(output) if output.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
        }
        _ => bail!("failed to run `pg_config`, which prints the folder of psql"),
    };
    for program in ["psql", "pg_dump"] {
        let path = bin_dir.join(program);
        ensure!(path.exists(), "`{}` does not exist", path.display());
    }
    Ok(bin_dir)
}

/// Runs a command and returns its duration.
///
/// # Errors
/// Fails with the stderr of the command if it fails.
pub(crate) fn time(mut command: Command) -> anyhow::Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let started_at = Instant::now();
    let output = command.output().with_context(|| format!("failed to run {command:?}"))?;
    let elapsed = started_at.elapsed();
    ensure!(
        output.status.success(),
        "{:?} failed: {}",
        command.get_program(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(elapsed)
}

/// Returns the median of at least one duration.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
