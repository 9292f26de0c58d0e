//! The error of a script: which, where, what the database said, what remains, what to do.

use std::fmt;
use std::time::Duration;

use seedbed_files::Name;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::{
    PartialEffects, RunnerLockReleased, StatementError, code, database_error, driver_error,
    extension,
};
use crate::concurrently::is_safe_to_retry;
use crate::direction::Direction;
use crate::plan::Step;
use crate::schema::UnwrittenScript;
use crate::script::ScriptDefinition;
use crate::session_info::SessionInfo;
use seedbed_sql::{quote_ident as ident, statements};

/// A script failed.
#[derive(Debug, Clone)]
pub struct ScriptError {
    /// Its name.
    pub name: Name,
    /// Its file.
    pub file: &'static str,
    /// The direction in which it ran.
    pub direction: Direction,
    /// What happened: the database's own message, or the script's.
    pub message: String,
    /// The statement that failed, if it passed through the schema.
    pub statement: Option<String>,
    /// What the database said beside its message.
    pub database: Option<DatabaseDetails>,
    /// Who blocked it, if it did not get a lock.
    pub blocker: Option<SessionInfo>,
    /// What remains of it in the database.
    pub partial_effects: PartialEffects,
    hint: Option<String>,
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
    /// The hint of PostgreSQL itself.
    pub hint: Option<String>,
    /// The position of the error in the statement: the number of the character, starting at 1.
    pub position: Option<usize>,
}

impl std::error::Error for ScriptError {}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` failed: {}", self.file, self.direction.as_str(), self.message)?;
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
        if let Some(blocker) = &self.blocker {
            write!(f, "\n  blocked by: {blocker}")?;
            if let Some(query) = &blocker.query {
                write!(f, ", which runs or last ran: {query}")?;
            }
        }
        write!(f, "\n  {}", self.partial_effects)
    }
}

impl ScriptError {
    pub(crate) fn new(
        step: &Step,
        error: &anyhow::Error,
        statement: Option<String>,
        blocker: Option<SessionInfo>,
        partial_effects: PartialEffects,
        retried_for: Duration,
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
            hint: match partial_effects {
                PartialEffects::CommittedByScript => Some(leave_the_transaction(step.script.file)),
                _ => hint(step, error, statement.as_deref(), retried_for),
            },
            statement: if database.is_some() || StatementError::find(error).is_some() {
                statement
            } else {
                None
            },
        }
    }

    /// Replaces the hint by one that was found in the database.
    pub(crate) fn explain(&mut self, hint: Option<String>) {
        self.hint = hint.or(self.hint.take());
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let suggested = || self.database.as_ref().and_then(|details| details.hint.clone());
        self.hint.clone().or_else(suggested)
    }
}

fn message(error: &anyhow::Error) -> String {
    if error.downcast_ref::<UnwrittenScript>().is_some() {
        return "it is not written yet".to_owned();
    }
    if matches!(driver_error(error), Some(sqlx::Error::Protocol(_))) {
        return "it sent a statement that needs an answer from the client, such as `COPY … FROM STDIN`; the session was ended"
            .to_owned();
    }
    format!("{error:#}")
}

fn details(error: &PgDatabaseError) -> DatabaseDetails {
    DatabaseDetails {
        code: error.code().to_owned(),
        detail: error.detail().map(str::to_owned),
        hint: error.hint().map(str::to_owned),
        position: position(error),
    }
}

/// The character of the statement at which it happened, from 1.
pub(crate) fn position(error: &PgDatabaseError) -> Option<usize> {
    match error.position() {
        Some(PgErrorPosition::Original(position)) => Some(position),
        _ => None,
    }
}

/// The statement, or of a long one the line with the place, and a caret under it.
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
    let line: String = statement
        .chars()
        .skip(line_start + skipped)
        .take_while(|c| *c != '\n')
        .take(WIDTH)
        .collect();
    format!("{line}{indent}{}^", " ".repeat(column - skipped))
}

fn hint(
    step: &Step,
    error: &anyhow::Error,
    statement: Option<&str>,
    retried_for: Duration,
) -> Option<String> {
    let file = step.script.file;
    if error.downcast_ref::<UnwrittenScript>().is_some() {
        return Some(format!("fill in `up` and `down` in {file}"));
    }
    if let Some(refused) = StatementError::find(error) {
        return Some(refused.hint());
    }
    if error.is::<RunnerLockReleased>() {
        return Some(format!("take `pg_advisory_unlock_all()` and `DISCARD ALL` out of {file}"));
    }
    let database = database_error(error)?;
    Some(match database.code() {
        // A row that is inserted or updated comes with a detail; a column that is altered does not.
        code::NOT_NULL_VIOLATION if database.detail().is_none() => {
            let (table, column) = (database.table()?, database.column()?);
            match step.direction {
                Direction::Up => three_steps(file, table, column, statement.unwrap_or_default()),
                Direction::Down => gone(file, table, column),
            }
        }
        code::FOREIGN_KEY_VIOLATION if step.direction == Direction::Down => {
            still_needed(database.table()?, database.constraint()?)
        }
        // Several statements in one text are one transaction.
        code::ACTIVE_SQL_TRANSACTION
            if statement.is_some_and(|sql| statements(sql).len() > 1)
                && !step.script.uses_transaction() =>
        {
            format!(
                "in {file}, execute each statement by itself: `schema.execute(\"…\").await?` for each"
            )
        }
        code::ACTIVE_SQL_TRANSACTION if !step.script.uses_transaction() => {
            format!(
                "in {file}, execute it outside of the transaction that the script begins by itself"
            )
        }
        code::ACTIVE_SQL_TRANSACTION => match step.script.definition {
            ScriptDefinition::Functions { .. } => {
                format!("put `pub const TRANSACTION: bool = false;` into {file}")
            }
            ScriptDefinition::SeaOrm(_) => format!(
                "put `fn use_transaction(&self) -> Option<bool> {{ Some(false) }}` into the migration of {file}"
            ),
        },
        code::LOCK_NOT_AVAILABLE
            if statement.is_some_and(|sql| !is_safe_to_retry(&statements(sql)))
                && !step.script.uses_transaction() =>
        {
            format!(
                "a statement that may commit inside itself is not repeated: end what blocks it and run the same command \
                 again, which starts {file} again from its top"
            )
        }
        code::LOCK_NOT_AVAILABLE => format!(
            "end what blocks it, or try for longer than {retried_for:.0?}: `--lock-retry-for 10m`"
        ),
        code::QUERY_CANCELED => {
            "`--statement-timeout 10m` lets a statement run for longer; 0 sets no limit".to_owned()
        }
        code::UNSAFE_NEW_ENUM_VALUE => {
            "a new enum value can be used only after it is committed: use it in a script of its own"
                .to_owned()
        }
        code::UNDEFINED_FUNCTION if database.message().contains("uuid_generate_v4") => {
            "an earlier script has to say `schema.create_extension(\"uuid-ossp\").await?`"
                .to_owned()
        }
        // PostgreSQL 14 has the second one for an extension that is not installed.
        code::FEATURE_NOT_SUPPORTED | code::UNDEFINED_FILE | code::UNDEFINED_OBJECT => {
            extension::hint(statement?)?
        }
        code::INSUFFICIENT_PRIVILEGE => "run as the owner, or have the owner grant it".to_owned(),
        _ => return None,
    })
}

fn leave_the_transaction(file: &str) -> String {
    format!(
        "take COMMIT and ROLLBACK out of {file}, or put `pub const TRANSACTION: bool = false;` into it"
    )
}

/// The complete safe version, in the reader's own names, and the command that writes it.
fn three_steps(file: &str, table: &str, column: &str, statement: &str) -> String {
    let added = statement
        .split_once(&format!("ADD COLUMN {} ", ident(column)))
        .and_then(|(_, rest)| rest.split_once(" NOT NULL"))
        .map(|(sql_type, _)| sql_type.replace("timestamp with time zone", "timestamptz"));
    let command = match added {
        Some(sql_type) if !sql_type.contains(' ') => {
            format!("add_{column}_to_{table} fields='{column}:{sql_type}!'")
        }
        Some(_) => format!("add_{column}_to_{table} fields='{column}:TYPE!'"),
        None => format!("change_{column}_on_{table} fields='{column}:TYPE!'"),
    };
    format!(
        "the rows that are there have no value for it. Remove {file}: then\n  \
         make create-migration name={command}\n  \
         writes the scripts that do it without a long lock, which are:\n  \
         1. add it nullable:   schema.add_column(\"{table}\", string_null(\"{column}\")).await?;\n  \
         2. fill in the rows:  schema.execute(\"UPDATE {table} SET {column} = … WHERE {column} IS NULL\").await?;\n  \
         3. set it NOT NULL:   schema.set_not_null(\"{table}\", \"{column}\").await?;\n                        \
         with `pub const TRANSACTION: bool = false;`"
    )
}

/// What is left to do for who reverts the removal of a column on a table that has rows.
fn gone(file: &str, table: &str, column: &str) -> String {
    format!(
        "the rows that are there have no value for it any more. In `down` of {file} say what they get,\n  \
         by a default that goes at once: put .default(…) behind the column \"{column}\", and after that\n  \
         schema.execute(\"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT\").await?;"
    )
}

/// What is left to do for who reverts a seed whose rows others refer to. PostgreSQL names their table.
fn still_needed(table: &str, constraint: &str) -> String {
    format!(
        "rows of `{table}` refer to what goes, by {constraint}: look at them by `make db-psql` and \
         SELECT * FROM {table}; delete them, or let them refer to others, and then the same again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_points_at_the_place() {
        let sql = "SELECT 1;\nSELEC 2";
        assert_eq!(excerpt(sql, Some(11)), "SELEC 2\n             ^");
        assert_eq!(excerpt(sql, Some(14)), "SELEC 2\n                ^");
    }

    #[test]
    fn an_excerpt_of_a_long_line_is_cut_around_the_place() {
        let sql = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = excerpt(&sql, Some(501));
        let (line, caret) = shown.split_once('\n').expect("two lines");
        assert_eq!(line.chars().count(), 100);
        assert_eq!(
            line.find('X'),
            caret.strip_prefix("             ").expect("indented").find('^')
        );
    }
}
