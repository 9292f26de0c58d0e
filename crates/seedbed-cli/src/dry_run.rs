//! Runs the statements of a generated script on the database, in a transaction that is rolled back.

use seedbed_config::Hint;
use seedbed_generate::DryRun;
use sqlx::Row as _;

use crate::cli_error::CliError;
use crate::connection::{Connection, ServerMessage};
use crate::introspect::write_by_hand;
use crate::output::print_message;

/// The statements that start the transaction of the dry runs. The lock timeout is short, because a user waits for the
/// command. The search path puts tables that name no schema into the temporary schema.
const BEGIN: &str = "\
    BEGIN; SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '30s'; SET LOCAL client_min_messages = error; \
    SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)";

/// Executes the dry runs of a generated script in temporary tables, and rolls them back.
///
/// # Errors
/// Fails if the database refuses a statement, or does not answer.
pub(crate) fn dry_run(connection: &mut Connection, dry_runs: &[DryRun]) -> anyhow::Result<()> {
    if dry_runs.is_empty() {
        return Ok(());
    }
    if !begin(connection).map_err(|error| failure(&error))? {
        print_message(
            "note: the script was not tested, because the role may not create temporary tables in this database",
        );
        return Ok(());
    }
    for dry_run in dry_runs {
        let sql = format!("SAVEPOINT dry_run; {}; ROLLBACK TO dry_run", dry_run.sql());
        connection.execute(sql).map_err(|error| refusal(dry_run, &error))?;
    }
    connection.execute("ROLLBACK").map_err(|error| failure(&error))
}

/// Starts the transaction. Returns false if the role may not create temporary tables.
fn begin(connection: &mut Connection) -> Result<bool, sqlx::Error> {
    let may_create =
        "SELECT has_database_privilege(current_database(), 'TEMP') AND NOT pg_is_in_recovery()";
    let may_create: bool = connection.row(may_create)?.try_get(0)?;
    if may_create {
        connection.execute(BEGIN)?;
    }
    Ok(may_create)
}

fn refusal(dry_run: &DryRun, error: &sqlx::Error) -> anyhow::Error {
    if error.as_database_error().is_none() {
        return failure(error);
    }
    let message = ServerMessage::new(error);
    CliError::failure(
        format!("PostgreSQL rejects {}: {}", dry_run.subject, message.text),
        message.with_hint(Hint::text("correct the fields; ").then_hint(write_by_hand())),
    )
}

fn failure(error: &sqlx::Error) -> anyhow::Error {
    let message = ServerMessage::new(error);
    let hint = message.with_hint(write_by_hand());
    CliError::failure(format!("failed to test the script: {}", message.text), hint)
}
