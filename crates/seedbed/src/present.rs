//! What the database has, for the scripts that work on it.
//!
//! It tells something only if it is what the migrations make: with some of them pending, a table may be
//! missing, or look as it did before. So the files are compared with the history first.

use std::process::Command;

use local_postgres::SUPPORTED_VERSIONS;
use seedbed_files::Name;
use seedbed_generate::{DryRun, Present};

use crate::database::Database;
use crate::history::Gap;
use crate::output::{Advice, say};
use crate::psql::{self, Refusal};
use crate::variables::Variables;
use crate::workspace::Workspace;

/// Prints the major version of the server, and the names in the history, one a line; there may be none yet. What
/// follows sees the same moment.
const HISTORY: &str = r"
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT current_setting('server_version_num')::int / 10000;
SELECT to_regclass('seaql_migrations')::text AS history \gset
\if :{?history}
SELECT version FROM :history;
\endif
";

/// How to go on without the database.
pub(crate) const UNWRITTEN: &str = "to write the script by hand: args=--unwritten";

/// Reads what there is under those names. Changes nothing.
///
/// # Errors
/// When the database does not answer, or migrations are pending there. `instead` says how to go on
/// without it.
pub(crate) fn read(
    workspace: &Workspace,
    names: &[&str],
    instead: &str,
) -> anyhow::Result<Present> {
    let variables = Variables::load(workspace)?;
    let database = Database::choose(workspace, &variables)?;
    database.announce();
    let answer = ask(psql::command(&database, &variables)?, names, 10)
        .map_err(|refusal| refusal.advice(instead))?;
    let gap = Gap::between(&workspace.migrations(), &answer.applied)?;
    if let Some(pending) = gap.pending() {
        let message = format!("the database is not what the migrations make: {pending}");
        let first = match gap.unwritten(&workspace.migrations()) {
            Some(unwritten) => format!("write up and down of {unwritten}, then make migrate-up"),
            None => "make migrate-up".to_owned(),
        };
        return Err(Advice::failure(message, format!("{first}; {instead}")));
    }
    tell_missing(&gap);
    for name in answer.present.unknown() {
        say(&format!(
            "note: PostgreSQL has what this version does not know, and no script restores: {name}"
        ));
    }
    Ok(answer.present)
}

/// Not refused: who has put old migrations together into one has lost their files for good.
fn tell_missing(gap: &Gap) {
    if let Some(missing) = gap.missing() {
        say(&format!("note: the database may have more than the migrations make: {missing}"));
    }
}

/// The same for a script that can do without: nothing if no database answers, or none that tells
/// anything. Starts no server.
pub(crate) fn look(workspace: &Workspace, names: &[&str]) -> anyhow::Result<Option<Present>> {
    let variables = Variables::load(workspace)?;
    let answer = match psql::if_running(workspace, &variables) {
        Ok(None) => return Ok(None),
        Ok(Some(psql)) => ask(psql, names, 3).map_err(anyhow::Error::new),
        Err(error) => Err(error),
    };
    let unseen = match answer {
        Err(error) => format!(": {error}"),
        Ok(answer) => {
            let gap = Gap::between(&workspace.migrations(), &answer.applied)?;
            match gap.pending() {
                None => {
                    tell_missing(&gap);
                    return Ok(Some(answer.present));
                }
                Some(pending) => format!(", as it would be after make migrate-up: {pending}"),
            }
        }
    };
    say(&format!("note: not compared with the database{unseen}"));
    Ok(None)
}

/// Tries on that database what was written for it: a transaction that is rolled back, in temporary tables.
///
/// # Errors
/// When the database refuses something, or does not answer.
pub(crate) fn try_out(workspace: &Workspace, dry_runs: &[DryRun]) -> anyhow::Result<()> {
    if dry_runs.is_empty() {
        return Ok(());
    }
    let variables = Variables::load(workspace)?;
    let database = Database::choose(workspace, &variables)?;
    let output = psql::send(psql::command(&database, &variables)?, &script(dry_runs), 10)
        .map_err(|refusal| refusal.advice(UNWRITTEN))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if said.starts_with("not tried") {
        say("note: nothing was tried: the database lets nobody make temporary tables");
    }
    if output.status.success() {
        return Ok(());
    }
    let cause = psql::cause(&output);
    // The number of the last one that was begun.
    let failed = said.lines().last().and_then(|line| line.parse::<usize>().ok());
    match failed.and_then(|number| dry_runs.get(number)) {
        Some(dry_run) => Err(Advice::failure(
            format!("PostgreSQL refuses {}: {cause}", dry_run.subject),
            format!("mend it in fields=; {UNWRITTEN}"),
        )),
        None => Err(Refusal::Refused(cause).advice(UNWRITTEN)),
    }
}

/// One trial after the other, each with its number before it. No lock is waited for longer than somebody
/// would look at a prompt. What they make without saying where is temporary.
fn script(dry_runs: &[DryRun]) -> String {
    let each = dry_runs.iter().enumerate().map(|(number, dry_run)| {
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
        each.collect::<String>()
    )
}

fn tell_untested(major: u32) {
    let (oldest, newest) = (SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end());
    if major > *newest {
        say(&format!(
            "warning: PostgreSQL {major} is untested: {oldest} to {newest} are supported"
        ));
    }
}

struct Answer {
    /// The names in the history.
    applied: Vec<Name>,
    present: Present,
}

fn ask(psql: Command, names: &[&str], patience: u8) -> Result<Answer, Refusal> {
    let query = format!("{HISTORY}{};\n", Present::query(names));
    let text = psql::ask(psql, &query, patience)?;
    let (lines, present) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    let mut lines = lines.lines();
    if let Some(Ok(major)) = lines.next().map(str::parse::<u32>) {
        tell_untested(major);
    }
    Ok(Answer {
        applied: lines.map(|name| Name::from(name.to_owned())).collect(),
        present: Present::read(present).map_err(|error| Refusal::Unreadable(error.to_string()))?,
    })
}
