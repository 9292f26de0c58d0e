//! What the database has, for the scripts that work on it.
//!
//! It tells something only if it is what the migrations make: with some of them pending, a table may be
//! missing, or look as it did before. So the files are compared with the history first.

use std::process::Command;

use seedbed_generate::Present;

use crate::environment::Environment;
use crate::history::Gap;
use crate::output::{Advice, say};
use crate::psql::{self, Refusal};
use crate::workspace::Workspace;

/// Prints the names in the history, one a line; there may be none yet. What follows sees the same moment.
const HISTORY: &str = r"
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
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
    let environment = Environment::load(workspace)?;
    let answer = ask(psql::command(workspace, &environment)?, names, 10)
        .map_err(|refusal| refusal.advice(instead))?;
    let gap = Gap::between(&workspace.migrations(), &answer.applied)?;
    if let Some(pending) = gap.pending() {
        let message = format!("the database is not what the migrations make: {pending}");
        return Err(Advice::failure(message, format!("make migrate-up; {instead}")));
    }
    tell_missing(&gap);
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
    let environment = Environment::load(workspace)?;
    let answer = match psql::if_running(workspace, &environment) {
        Ok(None) => return Ok(None),
        Ok(Some(psql)) => ask(psql, names, 3).map_err(anyhow::Error::new),
        Err(error) => Err(error),
    };
    let unseen = match answer {
        Err(error) => error.to_string(),
        Ok(answer) => {
            let gap = Gap::between(&workspace.migrations(), &answer.applied)?;
            match gap.pending() {
                None => {
                    tell_missing(&gap);
                    return Ok(Some(answer.present));
                }
                Some(pending) => pending,
            }
        }
    };
    say(&format!("note: not compared with the database: {unseen}"));
    Ok(None)
}

struct Answer {
    /// The names in the history.
    applied: Vec<String>,
    present: Present,
}

fn ask(psql: Command, names: &[&str], patience: u8) -> Result<Answer, Refusal> {
    let query = format!("{HISTORY}{};\n", Present::query(names));
    let text = psql::ask(psql, &query, patience)?;
    let (applied, present) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    Ok(Answer {
        applied: applied.lines().map(str::to_owned).collect(),
        present: Present::read(present).map_err(|error| Refusal::Unreadable(error.to_string()))?,
    })
}
