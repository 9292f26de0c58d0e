//! The error of a script.

use std::fmt;

use seedbed_build::Name;
use seedbed_config::{Hint, server_hint};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::script_hint::{script_hint, transaction_control_hint};
use super::{PartialEffects, StatementError};
use crate::connect::{DatabaseLifetime, SessionOptions};
use crate::direction::Direction;
use crate::driver_error::{database_error, driver_error, needed_second_connection};
use crate::plan::Step;
use crate::schema::UnwrittenScript;
use crate::script::ScriptDefinition;
use crate::session_info::{SessionInfo, blocked_by};
use crate::sqlstate;

/// The error of a script that failed, with everything that its author needs to correct the script.
#[derive(Debug, Clone)]
pub struct ScriptError {
    /// The name of the script.
    pub name: Name,
    /// The file of the script.
    pub file: &'static str,
    /// The direction in which the script ran.
    pub direction: Direction,
    /// The message of the database or of the script.
    pub message: String,
    /// The statement that failed; `None` if it did not pass through the schema.
    pub statement: Option<String>,
    /// The other fields of the error of the database.
    pub database: Option<DatabaseDetails>,
    /// The session that blocked the script, if it could not get a lock.
    pub blocker: Option<SessionInfo>,
    /// The effects of the script that remain in the database.
    pub partial_effects: PartialEffects,
    /// The lifetime of the database in which the script ran.
    pub lifetime: DatabaseLifetime,
    /// The expression with which the script can find out whether it runs in a temporary database.
    temporary_question: &'static str,
    hint: Option<Hint>,
}

/// The fields of a database error besides its message.
///
/// ```
/// use seedbed_engine::{DatabaseDetails, ScriptError};
///
/// fn is_unique_violation(error: &ScriptError) -> bool {
///     let details: Option<&DatabaseDetails> = error.database.as_ref();
///     details.is_some_and(|details| details.code == "23505")
/// }
/// ```
#[derive(Debug, Clone)]
pub struct DatabaseDetails {
    /// The SQLSTATE.
    pub code: String,
    /// The detail, if the database gives one.
    pub detail: Option<String>,
    /// The hint of PostgreSQL itself, unless it suggests dropping other objects.
    pub hint: Option<String>,
    /// The position of the error in the statement: the number of the character, starting at 1.
    pub position: Option<usize>,
}

impl std::error::Error for ScriptError {}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of `{}` failed: {}", self.direction.as_str(), self.file, self.message)?;
        if let Some(details) = &self.database {
            write!(f, " ({})", details.code)?;
            if let Some(detail) = &details.detail {
                write!(f, "\n  detail: {detail}")?;
            }
        }
        if let Some(statement) = &self.statement {
            let position = self.database.as_ref().and_then(|details| details.position);
            write!(f, "\n  statement: {}", excerpt(statement, position))?;
        }
        let partial_effects = self.partial_effects.message(self.direction);
        write!(f, "{}\n  {partial_effects}", blocked_by(self.blocker.as_ref()))?;
        if self.lifetime.is_temporary() {
            write!(
                f,
                "\n  the script ran in a temporary database; a script asks {} whether it does",
                self.temporary_question
            )?;
        }
        Ok(())
    }
}

impl ScriptError {
    pub(crate) fn new(
        step: &Step,
        error: &anyhow::Error,
        statement: Option<String>,
        blocker: Option<SessionInfo>,
        partial_effects: PartialEffects,
        options: &SessionOptions,
    ) -> Self {
        let database = database_error(error);
        let message = match (database, StatementError::find(error)) {
            (Some(database), _) => database.message().to_owned(),
            (None, Some(refused)) => refused.to_string(),
            (None, None) => message(error),
        };
        Self {
            name: step.name.clone(),
            file: step.script.file,
            direction: step.direction,
            message,
            database: database.map(details),
            blocker,
            partial_effects,
            lifetime: DatabaseLifetime::default(),
            temporary_question: temporary_question(step),
            hint: match partial_effects {
                PartialEffects::CommittedByScript => {
                    Some(transaction_control_hint(&step.script).into())
                }
                _ => script_hint(step, error, statement.as_deref(), options),
            },
            // Any other error is that of the script's own code, and not of the last statement that failed.
            statement: if database.is_some() || StatementError::find(error).is_some() {
                statement
            } else {
                None
            },
        }
    }

    /// Replaces the hint with a more specific one, if there is one.
    pub(crate) fn explain(&mut self, hint: Option<Hint>) {
        self.hint = hint.or(self.hint.take());
    }

    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        let suggested = || Some(self.database.as_ref()?.hint.clone()?.into());
        self.hint.clone().or_else(|| self.temporary_extension_hint()).or_else(suggested)
    }

    /// Returns the hint for an extension that only one database of a server may have. The extension itself suggests to
    /// make the temporary database that one.
    fn temporary_extension_hint(&self) -> Option<Hint> {
        let is_raised = self.database.as_ref()?.code == sqlstate::RAISE_EXCEPTION;
        let is_refused = is_raised && self.message.contains("create extension");
        (is_refused && self.lifetime.is_temporary()).then(|| {
            format!(
                "skip the extension, and everything that uses it, if {}",
                self.temporary_question
            )
            .into()
        })
    }
}

/// Returns the expression with which the script can find out whether it runs in a temporary database.
fn temporary_question(step: &Step) -> &'static str {
    match step.script.definition {
        ScriptDefinition::Functions { .. } if step.script.file.ends_with(".rs") => {
            "`schema.is_temporary_database()`"
        }
        _ => "`current_setting('seedbed.temporary_database', true) = 'on'`",
    }
}

fn message(error: &anyhow::Error) -> String {
    if error.downcast_ref::<UnwrittenScript>().is_some() {
        return "the script is not written yet".to_owned();
    }
    if needed_second_connection(error) {
        return "a statement waited for a second connection, but a script has only one, which its open transaction, or its \
                stream of rows, holds"
            .to_owned();
    }
    if matches!(driver_error(error), Some(sqlx::Error::Protocol(_))) {
        return "the script sent a statement that waits for the client, such as `COPY … FROM STDIN`; the session was terminated"
            .to_owned();
    }
    format!("{error:#}")
}

fn details(error: &PgDatabaseError) -> DatabaseDetails {
    DatabaseDetails {
        code: error.code().to_owned(),
        detail: error.detail().map(str::to_owned),
        hint: server_hint(error),
        position: position(error),
    }
}

/// Returns the position of the error in the statement: the number of the character, starting at 1.
pub(crate) fn position(error: &PgDatabaseError) -> Option<usize> {
    match error.position() {
        Some(PgErrorPosition::Original(position)) => Some(position),
        _ => None,
    }
}

/// Returns the line of the statement with the position of the error and a caret below it, or else the beginning of the
/// statement.
fn excerpt(statement: &str, position: Option<usize>) -> String {
    const WIDTH: usize = 100;
    let indent = "\n             ";
    let Some(position) = position else {
        let short: String = statement.trim().chars().take(4 * WIDTH).collect();
        let more = if short.len() < statement.trim().len() { " …" } else { "" };
        return format!("{}{more}", short.replace('\n', indent));
    };
    let before: Vec<char> = statement.chars().take(position.saturating_sub(1)).collect();
    let line_start = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
    let column = before.len() - line_start;
    let skipped = column.saturating_sub(WIDTH / 2);
    let line = statement.chars().skip(line_start).take_while(|c| *c != '\n');
    let mut shown: Vec<char> = line.skip(skipped).take(WIDTH + 1).collect();
    // An ellipsis takes the place of the first or the last character.
    if skipped > 0
        && let Some(first) = shown.first_mut()
    {
        *first = '…';
    }
    if shown.len() > WIDTH {
        shown.truncate(WIDTH - 1);
        shown.push('…');
    }
    let shown: String = shown.into_iter().collect();
    format!("{shown}{indent}{}^", " ".repeat(column - skipped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_points_at_the_position_of_the_error() {
        let sql = "SELECT 1;\nSELEC 2";
        assert_eq!(excerpt(sql, Some(11)), "SELEC 2\n             ^");
        assert_eq!(excerpt(sql, Some(14)), "SELEC 2\n                ^");
    }

    #[test]
    fn an_excerpt_of_a_long_line_is_cut_around_the_position_of_the_error() {
        let sql = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = excerpt(&sql, Some(501));
        let (line, caret) = shown.split_once('\n').expect("two lines");
        assert_eq!(line.chars().count(), 100);
        assert!(line.starts_with("…a") && line.ends_with("b…"), "{line}");
        let caret = caret.strip_prefix("             ").expect("indented");
        assert_eq!(line.chars().position(|c| c == 'X'), caret.find('^'));
        let shown = excerpt(&sql, Some(1));
        assert!(shown.starts_with('a') && shown.contains("a…\n"), "{shown}");
    }
}
