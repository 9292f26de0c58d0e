//! Runs psql on the database of a command.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStringExt;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use local_postgres::{Binaries, Purpose, RunningServer, ServerStatus};
use seedbed_config::DatabaseUrl;

use crate::cli_error::CliError;
use crate::database::{self, Database};
use crate::output::print_message;
use crate::variables::{NamedDatabase, UrlSource, Variables};
use crate::workspace::Workspace;

/// How long to wait for a Compose service. A server that starts for the first time initializes its cluster.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(60);

/// Returns the psql command for a database. Waits for a Compose service.
pub(crate) fn command(database: &Database, variables: &Variables) -> anyhow::Result<Command> {
    database.wait_for_service(variables)?;
    match database {
        Database::Named(named) => command_for_url(named, variables),
        Database::Local(running) => command_for_local_server(running, variables),
    }
}

/// Returns the psql command for the development database if a variable names it, or if the local server is running and
/// has it. Starts no server.
pub(crate) fn command_if_running(
    workspace: &Workspace,
    variables: &Variables,
) -> anyhow::Result<Option<Command>> {
    if let Some(named) = variables.database() {
        return command_for_url(&named, variables).map(Some);
    }
    let server = database::local_server(workspace, variables, Purpose::Development);
    let ServerStatus::Running(running) = server.status()? else {
        return Ok(None);
    };
    let binaries = Binaries::find(server.settings(), None)?;
    let exists = database_exists(&running, &binaries)?;
    Ok(exists.then(|| running.psql(&binaries, database::DATABASE)))
}

fn command_for_local_server(
    running: &RunningServer,
    variables: &Variables,
) -> anyhow::Result<Command> {
    let binaries = Binaries::find(&variables.settings(), None)?;
    if !database_exists(running, &binaries)? {
        // This is not an error, because the arguments may name another database, such as `-d postgres`.
        print_message(&format!(
            "note: the database `{}` does not exist yet: `make fresh-start` creates it",
            database::DATABASE
        ));
    }
    Ok(running.psql(&binaries, database::DATABASE))
}

fn database_exists(running: &RunningServer, binaries: &Binaries) -> anyhow::Result<bool> {
    let mut psql = running.psql(binaries, "postgres");
    let query = format!("select 1 from pg_database where datname = '{}'", database::DATABASE);
    let output = psql.args(["-XAtqc", &query]).output().context("failed to run psql")?;
    // If the query is refused, the psql of the developer gets and prints the same error.
    Ok(!output.status.success() || output.stdout.starts_with(b"1"))
}

/// Returns the psql command for a URL. Passes the password in the environment, because all users of a machine can see the
/// arguments of a program.
fn command_for_url(named: &NamedDatabase, variables: &Variables) -> anyhow::Result<Command> {
    let url = DatabaseUrl::parse(&named.url)
        .and_then(|url| url.with_variables(|name| std::env::var(name).ok()))
        .map_err(|error| CliError::failure(error.to_string(), error.hint()))?;
    // On a machine with only the client of PostgreSQL, use the psql on the PATH.
    let psql = Binaries::find(&variables.settings(), None)
        .map_or_else(|_| "psql".into(), |binaries| binaries.psql());
    let mut command = Command::new(psql);
    command.arg(url.to_libpq_url());
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", OsString::from_vec(password));
    }
    Ok(command)
}

/// Waits until a Compose service answers, because Compose starts a service without waiting for it. Returns immediately
/// for every other database.
///
/// # Errors
/// Fails with the last error if the server does not accept a connection within a minute.
pub(crate) fn wait_for_service(named: &NamedDatabase, variables: &Variables) -> anyhow::Result<()> {
    if named.source != UrlSource::Service {
        return Ok(());
    }
    let address = database::address(&named.url);
    let (started_at, mut reported) = (Instant::now(), Duration::ZERO);
    loop {
        let result = query(command_for_url(named, variables)?, "SELECT 1", 3);
        let error = match result {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let elapsed = started_at.elapsed();
        if elapsed > SERVICE_TIMEOUT || matches!(error, PsqlError::NoPsql { .. }) {
            return Err(CliError::failure(
                format!("`{address}` does not answer: {error}"),
                "`make db-status` shows whether the service is running",
            ));
        }
        if elapsed - reported > Duration::from_secs(5) {
            print_message(&format!("waiting for {address}: {error}"));
            reported = elapsed;
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Why psql returned no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PsqlError {
    #[error("failed to run `{program}`: {source}")]
    NoPsql { program: String, source: std::io::Error },

    #[error("failed to query the database: {0}")]
    Refused(String),

    #[error("failed to parse the answer of the database: {0}")]
    Unreadable(String),
}

impl PsqlError {
    /// Adds a hint; `alternative` is the part that says how to go on without the database.
    pub(crate) fn into_cli_error(self, alternative: &str) -> anyhow::Error {
        let first = match self {
            Self::NoPsql { .. } => "install the client of PostgreSQL (postgresql-client)",
            Self::Refused(_) | Self::Unreadable(_) => "`make fresh-start` creates the database",
        };
        CliError::failure(self.to_string(), format!("{first}; {alternative}"))
    }
}

/// Runs the statements and returns what psql prints.
///
/// # Errors
/// Fails if psql cannot be run or if the server refuses a statement.
pub(crate) fn query(
    psql: Command,
    statements: &str,
    connect_timeout_seconds: u8,
) -> Result<String, PsqlError> {
    let output = execute(psql, statements, connect_timeout_seconds)?;
    if !output.status.success() {
        return Err(PsqlError::Refused(error_message(&output)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Returns the first error message of psql, without the line number, which refers to generated statements.
pub(crate) fn error_message(output: &Output) -> String {
    let message = String::from_utf8_lossy(&output.stderr);
    // The first line is the message; the others repeat the statement.
    let line = message.lines().next().unwrap_or("psql printed no error").trim();
    let server_message = line.strip_prefix("psql:<stdin>:").and_then(|rest| rest.split_once(":  "));
    server_message.map_or(line, |(_, message)| message).to_owned()
}

/// Runs the statements and returns the output and exit status of psql.
///
/// # Errors
/// Fails if psql cannot be run.
pub(crate) fn execute(
    mut psql: Command,
    statements: &str,
    connect_timeout_seconds: u8,
) -> Result<Output, PsqlError> {
    psql.args(["-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", "-"])
        .env("PGCONNECT_TIMEOUT", connect_timeout_seconds.to_string())
        .env("PGCLIENTENCODING", "UTF8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = || -> std::io::Result<Output> {
        let mut child = psql.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // If psql ends before it has read everything, its own error says why.
            input.write_all(statements.as_bytes()).ok();
        }
        child.wait_with_output()
    };
    run().map_err(|source| PsqlError::NoPsql {
        program: psql.get_program().display().to_string(),
        source,
    })
}
