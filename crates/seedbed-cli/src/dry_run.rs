//! The dry run of a generated script: its statements run on the database, in a transaction that is rolled back.

use seedbed_generate::DryRun;

use crate::cli_error::CliError;
use crate::database::Database;
use crate::introspect::WRITE_BY_HAND;
use crate::output::print_message;
use crate::psql::{self, PsqlError};
use crate::variables::Variables;
use crate::workspace::Workspace;

/// Runs the dry runs of a generated script in temporary tables and rolls them back.
///
/// # Errors
/// Fails if the database refuses a statement, or does not answer.
pub(crate) fn dry_run(workspace: &Workspace, dry_runs: &[DryRun]) -> anyhow::Result<()> {
    if dry_runs.is_empty() {
        return Ok(());
    }
    let variables = Variables::load(workspace)?;
    let database = Database::choose(workspace, &variables)?;
    let output = psql::execute(psql::command(&database, &variables)?, &sql(dry_runs), 10)
        .map_err(|error| error.into_cli_error(WRITE_BY_HAND))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if stdout.starts_with("not tried") {
        print_message(
            "note: the script was not tested: the role may not create temporary tables in this database",
        );
    }
    if output.status.success() {
        return Ok(());
    }
    let cause = psql::error_message(&output);
    // The last line is the number of the dry run that failed.
    let failed = stdout.lines().last().and_then(|line| line.parse::<usize>().ok());
    match failed.and_then(|number| dry_runs.get(number)) {
        Some(dry_run) => Err(CliError::failure(
            format!("PostgreSQL refuses {}: {cause}", dry_run.subject),
            format!("correct it in fields=; {WRITE_BY_HAND}"),
        )),
        None => Err(PsqlError::Refused(cause).into_cli_error(WRITE_BY_HAND)),
    }
}

/// Returns the SQL that runs the dry runs one after the other and prints the number of each before it.
///
/// The lock timeout is as long as somebody waits at a prompt. The search path puts tables that name no schema into the
/// temporary schema.
fn sql(dry_runs: &[DryRun]) -> String {
    let statements = dry_runs.iter().enumerate().map(|(number, dry_run)| {
        format!("\\echo {number}\nSAVEPOINT trial;\n{};\nROLLBACK TO trial;\n", dry_run.sql())
    });
    format!(
        r"
SELECT has_database_privilege(current_database(), 'TEMP') AND NOT pg_is_in_recovery() AS may \gset
\if :may
BEGIN;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '30s';
SET LOCAL client_min_messages = error;
SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true) AS path \gset
{}ROLLBACK;
\else
\echo not tried
\endif
",
        statements.collect::<String>()
    )
}
