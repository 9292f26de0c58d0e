//! psql on the database that the commands are about.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStringExt;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use local_postgres::{Binaries, Purpose, RunningServer, Status};
use seedbed_config::DatabaseUrl;

use crate::database::{self, Database};
use crate::output::{Advice, say};
use crate::variables::{Named, Source, Variables};
use crate::workspace::Workspace;

/// A server that starts for the first time initializes its cluster.
const SERVICE_LIMIT: Duration = Duration::from_secs(60);

/// Returns psql, connected to that database. Waits for the server of a compose service.
pub(crate) fn command(database: &Database, variables: &Variables) -> anyhow::Result<Command> {
    database.wait_for_service(variables)?;
    match database {
        Database::Named(named) => on_url(named, variables),
        Database::Local(running) => on_local_server(running, variables),
    }
}

/// Does the same if something may answer: a database that is named, or the local server if it runs and has the
/// database. Starts nothing.
pub(crate) fn if_running(
    workspace: &Workspace,
    variables: &Variables,
) -> anyhow::Result<Option<Command>> {
    if let Some(named) = variables.database() {
        return on_url(&named, variables).map(Some);
    }
    let server = database::server(workspace, variables, Purpose::Development);
    let Status::Running(running) = server.status()? else {
        return Ok(None);
    };
    let binaries = Binaries::find(server.settings(), None)?;
    let has = has_database(&running, &binaries)?;
    Ok(has.then(|| running.psql(&binaries, database::DATABASE)))
}

fn on_local_server(running: &RunningServer, variables: &Variables) -> anyhow::Result<Command> {
    let binaries = Binaries::find(&variables.settings(), None)?;
    if !has_database(running, &binaries)? {
        // Not an error: the arguments may name another database, such as `-d postgres`.
        say(&format!(
            "database {} does not exist yet: `make fresh-start` creates it",
            database::DATABASE
        ));
    }
    Ok(running.psql(&binaries, database::DATABASE))
}

fn has_database(running: &RunningServer, binaries: &Binaries) -> anyhow::Result<bool> {
    let mut psql = running.psql(binaries, "postgres");
    let question = format!("select 1 from pg_database where datname = '{}'", database::DATABASE);
    let output = psql.args(["-XAtqc", &question]).output().context("could not run psql")?;
    // A server that does not let us ask will tell psql, and psql the developer.
    Ok(!output.status.success() || output.stdout.starts_with(b"1"))
}

/// The password goes by way of the environment: everybody on a machine may see arguments.
fn on_url(named: &Named, variables: &Variables) -> anyhow::Result<Command> {
    let url = DatabaseUrl::parse(&named.url)
        .and_then(|url| url.with_variables(|name| std::env::var(name).ok()))
        .map_err(|error| Advice::failure(error.to_string(), error.hint()))?;
    // Where only a client is installed, the psql on the PATH will do.
    let psql = Binaries::find(&variables.settings(), None)
        .map_or_else(|_| "psql".into(), |binaries| binaries.psql());
    let mut command = Command::new(psql);
    command.arg(url.to_libpq_url());
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", OsString::from_vec(password));
    }
    Ok(command)
}

/// Waits until the server of a compose service answers: compose starts it, and does not wait for it. Returns at once
/// for every other database.
///
/// # Errors
/// Fails with the last answer if the server has not accepted a connection after a minute.
pub(crate) fn wait_for_service(named: &Named, variables: &Variables) -> anyhow::Result<()> {
    if named.source != Source::Service {
        return Ok(());
    }
    let address = database::address(&named.url);
    let (started_at, mut reported) = (Instant::now(), Duration::ZERO);
    loop {
        let answer = ask(on_url(named, variables)?, "SELECT 1", 3);
        let refusal = match answer {
            Ok(_) => return Ok(()),
            Err(refusal) => refusal,
        };
        let elapsed = started_at.elapsed();
        if elapsed > SERVICE_LIMIT || matches!(refusal, Refusal::NoPsql { .. }) {
            return Err(Advice::failure(
                format!("{address} does not answer: {refusal}"),
                "`make db-status` shows whether the service runs",
            ));
        }
        if elapsed - reported > Duration::from_secs(5) {
            say(&format!("waiting for {address}: {refusal}"));
            reported = elapsed;
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Why the database did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("could not run {program}: {source}")]
    NoPsql { program: String, source: std::io::Error },

    #[error("could not read the database: {0}")]
    Refused(String),

    #[error("could not read what the database answered: {0}")]
    Unreadable(String),
}

impl Refusal {
    /// What to do about it; `instead` says how to go on without the database.
    pub(crate) fn advice(self, instead: &str) -> anyhow::Error {
        let first = match self {
            Self::NoPsql { .. } => "install the client of PostgreSQL (postgresql-client)",
            Self::Refused(_) | Self::Unreadable(_) => "make fresh-start makes the database",
        };
        Advice::failure(self.to_string(), format!("{first}; {instead}"))
    }
}

/// What that psql prints for the statements. It waits so many seconds for a connection.
pub(crate) fn ask(psql: Command, statements: &str, patience: u8) -> Result<String, Refusal> {
    let output = send(psql, statements, patience)?;
    if !output.status.success() {
        return Err(Refusal::Refused(cause(&output)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What psql says is wrong, in the words of the server if they are. Nobody has seen the lines of the
/// statements.
pub(crate) fn cause(output: &Output) -> String {
    let message = String::from_utf8_lossy(&output.stderr);
    // The first line names the cause; the others repeat the statement.
    let line = message.lines().next().unwrap_or("psql said nothing").trim();
    let of_server = line.strip_prefix("psql:<stdin>:").and_then(|rest| rest.split_once(":  "));
    of_server.map_or(line, |(_, words)| words).to_owned()
}

/// What becomes of that psql when it gets the statements.
pub(crate) fn send(mut psql: Command, statements: &str, patience: u8) -> Result<Output, Refusal> {
    psql.args(["-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", "-"])
        .env("PGCONNECT_TIMEOUT", patience.to_string())
        .env("PGCLIENTENCODING", "UTF8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = || -> std::io::Result<Output> {
        let mut child = psql.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // psql that ends before it has read all says why by itself.
            input.write_all(statements.as_bytes()).ok();
        }
        child.wait_with_output()
    };
    run().map_err(|source| Refusal::NoPsql {
        program: psql.get_program().display().to_string(),
        source,
    })
}
