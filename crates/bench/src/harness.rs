//! The server, the programs and the clock that the measurements share.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::Args;

/// The database that measurements run on. Each of them recreates it.
pub(crate) const DATABASE: &str = "seedbed_bench";

/// The server to measure on, and the programs to measure.
pub(crate) struct Harness<'a> {
    pub(crate) args: &'a Args,
    migrator: PathBuf,
    psql: PathBuf,
    /// The folder for generated SQL files.
    scratch_dir: PathBuf,
}

impl<'a> Harness<'a> {
    /// Finds the programs. `bench-migrator` must be in the folder of this program.
    pub(crate) fn new(args: &'a Args) -> anyhow::Result<Self> {
        let this = std::env::current_exe().context("failed to find this program")?;
        let bin_dir = this.parent().context("this program has no folder")?;
        let scratch_dir = bin_dir.join("bench-sql");
        std::fs::create_dir_all(&scratch_dir).context("failed to create the scratch folder")?;
        let migrator = bin_dir.join("bench-migrator");
        Ok(Self { args, migrator, psql: find_psql()?, scratch_dir })
    }

    /// Returns a command that runs psql on a database.
    pub(crate) fn psql(&self, url: &str, args: &[&str]) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]).args(args);
        command
    }

    /// Returns a command that runs `migrate-up` with the first `count` scripts on a database.
    pub(crate) fn migrator(&self, url: &str, count: u32) -> Command {
        self.migrator_command("migrate-up", url, count)
    }

    /// Returns a command of the migrator with `count` scripts.
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
        self.run_as_admin(&format!("DROP DATABASE IF EXISTS {DATABASE}"))?;
        self.run_as_admin(&format!("CREATE DATABASE {DATABASE}"))
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

/// Returns the psql in the folder that `pg_config` prints. The one that Debian puts on the PATH is a Perl wrapper that
/// takes 20 ms longer.
fn find_psql() -> anyhow::Result<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output();
    let bin_dir = match output {
        Ok(output) if output.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
        }
        _ => bail!("failed to run `pg_config`, which prints the folder of psql"),
    };
    let psql = bin_dir.join("psql");
    ensure!(psql.exists(), "`{}` does not exist", psql.display());
    Ok(psql)
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
