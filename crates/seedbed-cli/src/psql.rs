//! Builds the psql command of `seedbed db-psql`, the only command that needs psql.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::process::Command;

use local_postgres::{Binaries, RunningServer};
use seedbed_config::{CommandSpelling, DatabaseUrl, SuggestedCommand};

use crate::cli_error::CliError;
use crate::connection;
use crate::database::{self, Database};
use crate::output::print_message;
use crate::variables::{NamedDatabase, Variables};

/// Returns the psql command for a database. Waits for a Compose service.
pub(crate) fn command(
    database: &Database,
    variables: &Variables,
    spelling: CommandSpelling,
) -> anyhow::Result<Command> {
    database.wait_for_service()?;
    match database {
        Database::Named(named) => command_for_url(named, variables),
        Database::Local(running) => command_for_local_server(running, variables, spelling),
    }
}

fn command_for_local_server(
    running: &RunningServer,
    variables: &Variables,
    spelling: CommandSpelling,
) -> anyhow::Result<Command> {
    let binaries = Binaries::find(&variables.settings(), None)?;
    if !connection::has_development_database(running) {
        // This is not an error, because the arguments may name another database, such as `-d postgres`.
        let fresh_start = SuggestedCommand::FreshStart.spelled(spelling);
        print_message(&format!(
            "note: the database `{}` does not exist yet; `{fresh_start}` creates it",
            database::DATABASE
        ));
    }
    Ok(running.psql(&binaries, database::DATABASE))
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
