//! The schema that the migrations create.
//!
//! This program links no script. The project's migrator applies the migrations to a temporary database, and keeps the
//! database until its stdin ends; this program reads the database in between. When this program ends for any reason,
//! its end of the pipe is closed, and the migrator drops the database.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use seedbed_config::{CommandSpelling, Url, connect_within};
use seedbed_schema::{DatabaseSchema, ReadOptions};
use sqlx::Connection as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli_error::{CliError, ReportedError};
use crate::commands::migrator::{Build, flag_value};
use crate::database::{self, Database};
use crate::output::print_message;
use crate::programs::{self, MigratorBuild};
use crate::variables::Variables;
use crate::workspace::Workspace;

/// The time that the server may take to accept a connection. It is short, because the migrator has just been connected
/// to the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The exit code of an interrupted command.
const INTERRUPTED: u8 = 130;

/// Reads the schema that the migrations create, or the schema of the SQL file that the arguments name. The other
/// arguments are flags of the migrator. Prints the chosen database, on whose server the temporary database is created.
///
/// # Errors
/// Fails if the migrator does not compile, if a migration fails, or if the database cannot be read. Fails with
/// [`ReportedError`] if the migrator has printed the error.
pub(crate) fn read(
    workspace: &Workspace,
    build: Build,
    arguments: &[OsString],
) -> anyhow::Result<DatabaseSchema> {
    let variables = Variables::load(workspace)?;
    if build == Build::Needed {
        programs::build(workspace, MigratorBuild::WithoutSeeds)?;
    }
    let mut migrator = std::process::Command::new(programs::path(MigratorBuild::WithoutSeeds)?);
    migrator.arg("temporary-database").args(arguments);
    migrator.env(CommandSpelling::VARIABLE, build.spelling().value());
    migrator.stdin(Stdio::piped()).stdout(Stdio::piped());
    let url = if let Some(url) = flag_value(arguments, "--database-url") {
        Url::parse(&url.to_string_lossy())?
    } else {
        let database = Database::choose(workspace, &variables)?;
        database.announce();
        database.set_url_variable(&mut migrator, "DATABASE_URL", database::DATABASE);
        database.url(database::DATABASE)?
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("failed to start the async runtime")?;
    runtime.block_on(read_from_migrator(migrator.into(), &url))
}

/// Starts the migrator, reads the database that it prints, and waits until the migrator has dropped the database.
async fn read_from_migrator(mut migrator: Command, url: &Url) -> anyhow::Result<DatabaseSchema> {
    let mut signals = Signals::listen()?;
    let mut child = migrator.spawn().with_context(|| {
        format!("failed to run `{}`", migrator.as_std().get_program().display())
    })?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let read = tokio::select! {
        read = read_printed_database(stdout, url) => Some(read),
        () = signals.received() => None,
    };
    drop(stdin);
    let status = tokio::select! {
        status = child.wait() => status.context("failed to wait for the migrator")?,
        // The migrator drops the database by itself.
        () = signals.received() => return Err(ReportedError::new(INTERRUPTED)),
    };
    let code = status.code().map(|code| u8::try_from(code).unwrap_or(1));
    match (read, code) {
        (None, Some(INTERRUPTED)) => Err(ReportedError::new(INTERRUPTED)),
        (None, _) => {
            // The migrator did not receive the signal, so it has printed nothing.
            print_message("error: interrupted");
            Err(ReportedError::new(INTERRUPTED))
        }
        (Some(read), Some(0)) => read,
        (Some(_), Some(code)) => Err(ReportedError::new(code)),
        (Some(_), None) => Err(CliError::failure(
            format!("the migrator was killed: {status}"),
            "run the command again, which also drops the remaining temporary database",
        )),
    }
}

/// Reads the schema of the database whose name the migrator prints.
async fn read_printed_database(
    stdout: Option<ChildStdout>,
    url: &Url,
) -> anyhow::Result<DatabaseSchema> {
    let mut name = String::new();
    if let Some(stdout) = stdout {
        let mut lines = BufReader::new(stdout);
        lines.read_line(&mut name).await.context("failed to read from the migrator")?;
    }
    let name = name.trim_end();
    anyhow::ensure!(
        !name.is_empty(),
        "failed to read the name of the temporary database: the migrator printed none"
    );
    read_database(&url.with_database(name)).await
}

/// Reads the schema of a database.
async fn read_database(url: &Url) -> anyhow::Result<DatabaseSchema> {
    let mut connection = connect_within(url, CONNECT_TIMEOUT).await?;
    let schema = DatabaseSchema::read(&mut connection, &ReadOptions::default()).await;
    connection.close().await.ok();
    Ok(schema?)
}

/// The signals that end the command.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("failed to listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
