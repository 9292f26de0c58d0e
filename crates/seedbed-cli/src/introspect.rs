//! Reads what the database has, for the scripts that are generated from it.
//!
//! A database describes the schema of the migrations only if all of them are applied: with some pending, a table may be
//! missing, or look as it did before. So the history is compared with the files first.

use std::process::Command;

use local_postgres::SUPPORTED_VERSIONS;
use seedbed_build::Name;
use seedbed_generate::Present;

use crate::cli_error::CliError;
use crate::database::Database;
use crate::migration_drift::MigrationDrift;
use crate::output::print_message;
use crate::psql::{self, PsqlError};
use crate::variables::Variables;
use crate::workspace::Workspace;

/// Prints the major version of the server, and the names in the history, one a line, if there is a history. The query
/// that follows reads the same snapshot.
const HISTORY: &str = r"
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT current_setting('server_version_num')::int / 10000;
SELECT to_regclass('seaql_migrations')::text AS history \gset
\if :{?history}
SELECT version FROM :history;
\endif
";

/// The part of a hint that says how to go on without the database.
pub(crate) const WRITE_BY_HAND: &str = "to write the script by hand: args=--unwritten";

/// Reads what the database has under those names. Starts the local server if the database is on it, and changes nothing.
///
/// # Errors
/// Fails if the database does not answer, or if migrations are pending. `alternative` is the part of the hint that says
/// how to go on without the database.
pub(crate) fn introspect(
    workspace: &Workspace,
    names: &[&str],
    alternative: &str,
) -> anyhow::Result<Present> {
    let variables = Variables::load(workspace)?;
    let database = Database::choose(workspace, &variables)?;
    database.announce();
    let answer = query(psql::command(&database, &variables)?, names, 10)
        .map_err(|error| error.into_cli_error(alternative))?;
    let drift = MigrationDrift::compare(&workspace.migrations(), &answer.applied)?;
    if let Some(pending) = drift.pending() {
        let message = format!("the database does not have all migrations: {pending}");
        let first = match drift.unwritten(&workspace.migrations()) {
            Some(unwritten) => format!("write up and down of {unwritten}, then `make migrate-up`"),
            None => "`make migrate-up`".to_owned(),
        };
        return Err(CliError::failure(message, format!("{first}; {alternative}")));
    }
    print_missing(&drift);
    for name in answer.present.unknown() {
        print_message(&format!(
            "note: this version of Seedbed does not support an object of PostgreSQL, and no script restores it: {name}"
        ));
    }
    Ok(answer.present)
}

/// Prints the applied migrations whose files are missing. This is not an error, because a developer who has merged old
/// migrations into one has deleted their files for good.
fn print_missing(drift: &MigrationDrift) {
    if let Some(missing) = drift.missing() {
        print_message(&format!("note: the database may have more than the migrations: {missing}"));
    }
}

/// Reads what the database has, for a script that can also be written without it. Returns `None` if no database answers,
/// or if migrations are pending. Starts no server.
pub(crate) fn introspect_if_running(
    workspace: &Workspace,
    names: &[&str],
) -> anyhow::Result<Option<Present>> {
    let variables = Variables::load(workspace)?;
    let answer = match psql::command_if_running(workspace, &variables) {
        Ok(None) => return Ok(None),
        Ok(Some(psql)) => query(psql, names, 3).map_err(anyhow::Error::new),
        Err(error) => Err(error),
    };
    let reason = match answer {
        Err(error) => error.to_string(),
        Ok(answer) => {
            let drift = MigrationDrift::compare(&workspace.migrations(), &answer.applied)?;
            match drift.pending() {
                None => {
                    print_missing(&drift);
                    return Ok(Some(answer.present));
                }
                Some(pending) => format!("{pending} (`make migrate-up`)"),
            }
        }
    };
    print_message(&format!("note: the script was not compared with the database: {reason}"));
    Ok(None)
}

fn warn_if_untested(major: u32) {
    let (oldest, newest) = (SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end());
    if major > *newest {
        print_message(&format!(
            "warning: PostgreSQL {major} is untested: {oldest} to {newest} are supported"
        ));
    }
}

struct Answer {
    /// The names in the history.
    applied: Vec<Name>,
    present: Present,
}

fn query(psql: Command, names: &[&str], connect_timeout_seconds: u8) -> Result<Answer, PsqlError> {
    let statements = format!("{HISTORY}{};\n", Present::query(names));
    let text = psql::query(psql, &statements, connect_timeout_seconds)?;
    let (lines, present) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    let mut lines = lines.lines();
    if let Some(Ok(major)) = lines.next().map(str::parse::<u32>) {
        warn_if_untested(major);
    }
    Ok(Answer {
        applied: lines.map(|name| Name::from(name.to_owned())).collect(),
        present: Present::read(present)
            .map_err(|error| PsqlError::Unreadable(error.to_string()))?,
    })
}
