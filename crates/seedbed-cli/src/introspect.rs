//! Reads the schema of the database, for the scripts that are generated from it.
//!
//! A database describes the schema of the migrations only if all of them are applied: if some are pending, a table may
//! be missing or have an earlier definition. For this reason, the history is compared with the files first.

use seedbed_build::{Name, ScriptKind};
use seedbed_config::{CommandSpelling, Hint, SuggestedCommand};
use seedbed_generate::read_options;
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::Unsupported;
use sqlx::Row as _;

use crate::cli_error::CliError;
use crate::connection::{Connection, ServerMessage};
use crate::database::Database;
use crate::migration_drift::MigrationDrift;
use crate::output::print_message;
use crate::variables::Variables;
use crate::workspace::Workspace;

/// The part of a hint that says what to do without the database.
pub(crate) fn write_by_hand() -> Hint {
    Hint::text("to create an empty script and write it by hand, add ").then_flag("--unwritten")
}

const MIGRATE_UP: SuggestedCommand =
    SuggestedCommand::Up { kind: ScriptKind::Migration, name: None };

/// The facts that a command reads from the database, and the connection on which they were read.
#[derive(Debug)]
pub(crate) struct Introspection {
    pub(crate) connection: Connection,
    pub(crate) schema: DatabaseSchema,
}

/// Reads the schema of the database. Starts the local server if the database is on it, and changes nothing.
///
/// # Errors
/// Fails if the database does not answer, or if migrations are pending. `alternative` is the part of the hint that says
/// what to do without the database.
pub(crate) fn introspect(
    workspace: &Workspace,
    alternative: &Hint,
) -> anyhow::Result<Introspection> {
    let variables = Variables::load(workspace)?;
    let database = Database::choose(workspace, &variables)?;
    database.announce();
    let mut connection = Connection::open(&database, alternative)?;
    let answer = query(&mut connection)
        .map_err(|error| CliError::failure(format!("{error:#}"), alternative.clone()))?;
    let drift = MigrationDrift::compare(&workspace.migrations(), &answer.applied)?;
    if let Some(pending) = drift.pending() {
        let message = format!("the database does not have all migrations: {pending}");
        let first = match drift.unwritten() {
            Some(unwritten) => format!("write `up` and `down` of {unwritten}, then run "),
            None => "run ".to_owned(),
        };
        let hint =
            Hint::text(first).then_command(MIGRATE_UP).then("; ").then_hint(alternative.clone());
        return Err(CliError::failure(message, hint));
    }
    print_missing(&drift);
    print_unknown_options(&answer.schema);
    Ok(Introspection { connection, schema: answer.schema })
}

/// Prints the options that only a later server has. They do not stop the command.
fn print_unknown_options(schema: &DatabaseSchema) {
    for one in schema.unsupported.keys() {
        if matches!(one, Unsupported::Option { .. }) {
            print_message(&format!(
                "note: this version of Seedbed does not support an object of PostgreSQL, and no script restores it: {one}"
            ));
        }
    }
}

/// Prints the applied migrations whose files are missing. This is not an error, because a developer who has merged old
/// migrations into one has deleted their files for good.
fn print_missing(drift: &MigrationDrift) {
    if let Some(missing) = drift.missing() {
        print_message(&format!(
            "note: the database may have objects that no migration creates: {missing}"
        ));
    }
}

/// Reads the schema of the database, for a script that can also be written without it. Returns `None` if no database
/// answers, or if migrations are pending. Starts no server.
pub(crate) fn introspect_if_running(
    workspace: &Workspace,
    spelling: CommandSpelling,
) -> anyhow::Result<Option<Introspection>> {
    let variables = Variables::load(workspace)?;
    let answer = match Connection::open_if_running(workspace, &variables) {
        Ok(None) => return Ok(None),
        Ok(Some(mut connection)) => query(&mut connection).map(|answer| (connection, answer)),
        Err(error) => Err(error),
    };
    let reason = match answer {
        Err(error) => format!("{error:#}"),
        Ok((connection, answer)) => {
            let drift = MigrationDrift::compare(&workspace.migrations(), &answer.applied)?;
            match drift.pending() {
                None => {
                    print_missing(&drift);
                    return Ok(Some(Introspection { connection, schema: answer.schema }));
                }
                Some(pending) => format!("{pending}; run `{}`", MIGRATE_UP.spelled(spelling)),
            }
        }
    };
    print_message(&format!("note: the script was not checked against the database: {reason}"));
    Ok(None)
}

struct Answer {
    /// The names in the history.
    applied: Vec<Name>,
    schema: DatabaseSchema,
}

/// Reads the history and the schema. The history is read first: if a migration is applied in between, it counts as
/// pending.
fn query(connection: &mut Connection) -> anyhow::Result<Answer> {
    let applied = read_history(connection).map_err(|error| {
        anyhow::anyhow!("failed to query the database: {}", ServerMessage::new(&error).text)
    })?;
    let schema = connection.read_schema(&read_options())?;
    Ok(Answer { applied, schema })
}

/// Returns the names in the history, or no names if the history does not exist.
fn read_history(connection: &mut Connection) -> Result<Vec<Name>, sqlx::Error> {
    let history = connection.row("SELECT to_regclass('seaql_migrations')::text")?;
    let Some(history): Option<String> = history.try_get(0)? else {
        return Ok(Vec::new());
    };
    let rows = connection.rows(format!("SELECT version FROM {history}"))?;
    rows.iter().map(|row| row.try_get::<String, _>(0).map(Name::from)).collect()
}
