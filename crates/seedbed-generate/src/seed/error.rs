//! The error of a seed that cannot be generated.

use super::values::example;
use crate::WriteError;
use crate::names::join_quoted;
use heck::ToUpperCamelCase as _;
use seedbed_build::ScriptKind;
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_schema::model::Column;

/// The reason why no seed is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The database does not have the table or a column.
    #[error(transparent)]
    Schema(#[from] WriteError),

    /// `down` could not identify the rows of the seed.
    #[error(
        "`down` could not identify the rows of the seed, because `{table}` has no `id` of type uuid"
    )]
    NoId {
        /// The name of the table.
        table: String,
    },

    /// `up` could not identify existing rows.
    #[error(
        "`up` of the seed could not identify existing rows, because `{table}` has no unique constraint or index on NOT NULL \
         columns that the seed fills in"
    )]
    NoUniqueKey {
        /// The name of the table.
        table: String,
        /// The command that creates a unique index.
        command: Option<SuggestedCommand>,
    },

    /// The rows do not have the columns of the natural key.
    #[error("the rows have no {}, which is the natural key of `{table}`", join_quoted(key))]
    MissingKey {
        /// The name of the table.
        table: String,
        /// The columns of the key.
        key: Vec<String>,
    },

    /// The rows do not have required columns.
    #[error("the rows have no {}, but `{table}` requires {}", join_quoted(columns), if columns.len() == 1 { "it" } else { "them" })]
    MissingColumns {
        /// The name of the table.
        table: String,
        /// The columns.
        columns: Vec<String>,
    },

    /// The rows have a column that the database generates.
    #[error("the database generates `{column}` of `{table}`, so the rows cannot set it")]
    GeneratedColumn {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
    },

    /// The table does not accept some rows.
    #[error("{}", report_rows(_0))]
    InvalidRows(Vec<RowError>),

    /// The database rejects the rows as a whole.
    #[error("the database rejects the rows: {problem}")]
    Rejected {
        /// The problem with the rows.
        problem: String,
        /// The hint that says how to correct the rows.
        hint: Hint,
    },

    /// The file has no rows.
    #[error("the file has no rows")]
    NoRows,

    /// The file does not have the format of its extension.
    #[error("{problem}")]
    Unreadable {
        /// The problem with the file.
        problem: String,
        /// The hint that says how to correct the file.
        hint: &'static str,
    },
}

/// The problem with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file where the row starts, from 1.
    line: usize,
    problem: String,
    hint: Hint,
}

impl RowError {
    pub(super) fn new(line: usize, problem: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { line, problem: problem.into(), hint: hint.into() }
    }

    /// Creates the error for a row that does not have keys that other rows of the file have.
    pub(super) fn missing_keys(line: usize, keys: &[String]) -> Self {
        let problem = format!("the row has no {}, which other rows have", join_quoted(keys));
        let it = if keys.len() == 1 { "it" } else { "them" };
        Self::new(line, problem, format!("write `null`, or remove {it} from all rows"))
    }

    /// Creates the error for a row that has the same key as the row on line `first`, possibly in another spelling.
    /// `key` and `earlier` are the spellings in both rows.
    pub(super) fn duplicate(
        line: usize,
        first: usize,
        columns: &[String],
        earlier: &[String],
        key: &[String],
    ) -> Self {
        let are = if columns.len() == 1 { "is" } else { "are" };
        let columns = join_quoted(columns);
        let [key_text, earlier_text] = [key, earlier].map(|key| shortened(&key.join(", ")));
        let problem = if key == earlier {
            format!("the same {columns} as on line {first}: `{key_text}`")
        } else {
            format!("{columns} {are} `{key_text}`, which equals `{earlier_text}` on line {first}")
        };
        Self::new(line, problem, "keep only one of these rows")
    }

    /// Creates the error for a value that does not have the type of its column. `valid_values_hint` lists the
    /// valid values, if there is such a list. Otherwise the hint has an example of the type or the message of the server.
    pub(super) fn invalid_value(
        line: usize,
        text: &str,
        (column, sql_type): (&Column, &str),
        valid_values_hint: Option<String>,
        server_message: Option<&str>,
    ) -> Self {
        let name = &column.name;
        let example_hint = || example(&column.data_type).map(str::to_owned);
        let hint = match valid_values_hint.or_else(example_hint) {
            _ if text.is_empty() && column.not_null.is_none() => {
                r#"leave the cell empty for null, or write `null` in JSON; `""` is an empty string"#
                    .to_owned()
            }
            Some(hint) => hint,
            None => format!("the database reports: {}", server_message.unwrap_or("no reason")),
        };
        Self::new(
            line,
            match text {
                "" => format!("an empty string is not a valid {sql_type} for `{name}`"),
                _ => format!("`{}` is not a valid {sql_type} for `{name}`", shortened(text)),
            },
            hint,
        )
    }

    /// Creates the error for a value with the escape sequence of a NUL character, which `json` accepts and `jsonb` does not.
    pub(super) fn nul_character(line: usize, (column, sql_type): (&Column, &str)) -> Self {
        let name = &column.name;
        Self::new(
            line,
            format!(
                "`{name}` contains a NUL character, which PostgreSQL does not allow in {sql_type}"
            ),
            "remove the character from the file",
        )
    }

    /// Creates the error for a value that the database would silently change to `kept`.
    pub(super) fn truncated(
        line: usize,
        text: &str,
        (column, sql_type): (&Column, &str),
        kept: &str,
    ) -> Self {
        let name = &column.name;
        let (text, kept) = (shortened(text), shortened(kept));
        Self::new(
            line,
            format!(
                "`{text}` would be stored as `{kept}`, because `{name}` has the type `{sql_type}`"
            ),
            "use a value that fits, or widen the column in a migration",
        )
    }
}

impl SeedError {
    /// Returns whether the error is about the content of the file.
    #[must_use]
    pub const fn is_about_rows(&self) -> bool {
        matches!(
            self,
            Self::Schema(WriteError::ColumnNotFound { .. })
                | Self::MissingKey { .. }
                | Self::MissingColumns { .. }
                | Self::GeneratedColumn { .. }
                | Self::InvalidRows(_)
                | Self::Rejected { .. }
                | Self::NoRows
                | Self::Unreadable { .. }
        )
    }

    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Hint {
        const BY_HAND: &str = "leave out the table and write the seed by hand";
        match self {
            Self::Schema(error) => schema_hint(error),
            Self::NoId { .. } | Self::NoUniqueKey { command: None, .. } => BY_HAND.into(),
            Self::NoUniqueKey { command: Some(command), .. } => Hint::text("run ")
                .then_command(command.clone())
                .then(", then ")
                .then_command(SuggestedCommand::Up { kind: ScriptKind::Migration, name: None })
                .then(format!("; or {BY_HAND}")),
            Self::MissingKey { key, .. } => format!("add {} to the file", join_quoted(key)).into(),
            Self::MissingColumns { columns, .. } => {
                let columns_in_words = join_quoted(columns);
                match columns.len() {
                    1 => format!(
                        "add {columns_in_words} to the file, with a value in each row; or give the column a default \
                         in a migration"
                    ),
                    _ => format!(
                        "add {columns_in_words} to the file, each with a value in each row; or give the columns \
                         defaults in a migration"
                    ),
                }
                .into()
            }
            Self::GeneratedColumn { column, .. } => {
                format!("remove the column `{column}` from the file").into()
            }
            Self::InvalidRows(errors) => {
                errors.first().map_or_else(|| Hint::text(""), |one| one.hint.clone())
            }
            Self::Rejected { hint, .. } => hint.clone(),
            Self::NoRows => {
                "add rows to the file, or create the seed without the file and write the rows by hand".into()
            }
            Self::Unreadable { hint, .. } => (*hint).into(),
        }
    }
}

/// Returns the hint of an error about the table or a column of a seed.
fn schema_hint(error: &WriteError) -> Hint {
    match error {
        WriteError::TableNotFound { near: Some(near), .. } => {
            Hint::text("did you mean ").then_variable("table", near).then("?")
        }
        WriteError::ColumnNotFound { near: Some(near), .. } => format!(
            "did you mean `{near}`? The first line of the file has the names of the columns"
        )
        .into(),
        WriteError::ColumnNotFound { table, .. } => {
            let add = SuggestedCommand::CreateMigration {
                name: format!("addColumnsTo{}", table.to_upper_camel_case()),
                fields: Some("…".to_owned()),
            };
            Hint::text("remove the column from the file, or add it with ")
                .then_command(add)
                .then(format!(r"; list the columns with `\d {table}` in "))
                .then_command(SuggestedCommand::DbPsql)
        }
        _ => Hint::text(r"list the tables with `\dt` in ").then_command(SuggestedCommand::DbPsql),
    }
}

/// The maximum number of rows in a message, because the same mistake often occurs in all rows.
const MAX_REPORTED: usize = 5;

fn report_rows(errors: &[RowError]) -> String {
    let line = |errors: &RowError| format!("line {}: {}", errors.line, errors.problem);
    let lines: Vec<String> = errors.iter().take(MAX_REPORTED).map(line).collect();
    let more = match errors.len().saturating_sub(MAX_REPORTED) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    lines.join("\n  ") + &more
}

/// Returns the start of a long value on one line.
fn shortened(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let start: String = text.chars().take(60).map(visible).collect();
    if text.chars().nth(60).is_some() { start + "…" } else { start }
}
