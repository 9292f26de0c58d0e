//! Explains an error of a script without a transaction that an earlier run left unfinished.

use seedbed_config::{Hint, SuggestedCommand};

use super::record_applied;
use crate::direction::Direction;
use crate::driver_error::database_error;
use crate::plan::Step;
use crate::sqlstate;

/// The errors of a statement that cannot run twice: what it creates exists, or what it drops or renames is missing.
const REPEATED: [&str; 11] = [
    sqlstate::DUPLICATE_TABLE,
    sqlstate::DUPLICATE_OBJECT,
    sqlstate::DUPLICATE_COLUMN,
    sqlstate::DUPLICATE_FUNCTION,
    sqlstate::DUPLICATE_SCHEMA,
    sqlstate::UNIQUE_VIOLATION,
    sqlstate::UNDEFINED_TABLE,
    sqlstate::UNDEFINED_OBJECT,
    sqlstate::UNDEFINED_COLUMN,
    sqlstate::UNDEFINED_FUNCTION,
    sqlstate::INVALID_SCHEMA_NAME,
];

/// Returns whether the step runs a script again that an earlier run may have partly applied.
pub(super) fn is_restart(step: &Step) -> bool {
    step.resumes_interrupted && !step.script.uses_transaction()
}

/// Returns a hint if the earlier run of the script may be the reason for the error. Returns `None` if the server gives a
/// hint itself, such as a column with a similar name, because then the statement is probably wrong.
pub(super) fn explain_restart(step: &Step, error: &anyhow::Error) -> Option<Hint> {
    let error = database_error(error).filter(|error| REPEATED.contains(&error.code()))?;
    if !is_restart(step) || error.hint().is_some() {
        return None;
    }
    let hint = Hint::text(format!(
        "`{}` was interrupted before and is started again from the beginning: write statements that can run twice; if \
         they are all done, ",
        step.script.file
    ));
    Some(match step.direction {
        Direction::Up => {
            hint.then_command(record_applied(step)).then(" records the script as applied")
        }
        Direction::Down => {
            let name = step.name.to_string();
            hint.then_command(SuggestedCommand::RecordNotApplied { kind: step.kind, name })
                .then(" records the script as reverted")
        }
    })
}
