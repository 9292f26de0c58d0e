//! Why no seed was written.

use super::values::example;
use crate::WriteError;
use crate::present::Column;
use crate::words::listed;

/// What keeps a seed from being written. Nothing is written then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The database has no such table or column.
    #[error(transparent)]
    Present(#[from] WriteError),

    /// `down` would not know which rows are its own.
    #[error("`{table}` has no `id` of type uuid")]
    NoId {
        /// The table.
        table: String,
    },

    /// `up` would not know which rows are there.
    #[error(
        "`{table}` has no unique constraint or index on columns that the rows have and that are NOT NULL"
    )]
    NoKey {
        /// The table.
        table: String,
        /// What makes one.
        command: Option<String>,
    },

    /// `up` would know which rows are there, if the rows had these columns.
    #[error("rows of `{table}` are known by {}, which the rows do not have", listed(key))]
    KeyNotGiven {
        /// The table.
        table: String,
        /// The columns.
        key: Vec<String>,
    },

    /// Columns that rows cannot do without.
    #[error("the rows have no {}, and `{table}` needs {}", listed(columns), if columns.len() == 1 { "it" } else { "them" })]
    Missing {
        /// The table.
        table: String,
        /// The columns.
        columns: Vec<String>,
    },

    /// A column that rows have to do without.
    #[error("the rows have `{column}`, which the database makes in `{table}`")]
    Made {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },

    /// Rows that the table does not take.
    #[error("{}", told(_0))]
    Lines(Vec<Wrong>),

    /// The database takes them only by themselves.
    #[error("the rows as a whole: {problem}")]
    Whole {
        /// Why.
        problem: String,
        /// What to do about it.
        hint: String,
    },

    /// The file has a header, or an empty list.
    #[error("there are no rows")]
    NoRows,

    /// The file is not what its name says.
    #[error("{problem}")]
    Unreadable {
        /// Why.
        problem: String,
        /// What to do about it.
        hint: &'static str,
    },
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where it begins in the file, from 1.
    line: usize,
    problem: String,
    hint: String,
}

impl Wrong {
    pub(super) fn new(line: usize, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line, problem: problem.into(), hint: hint.into() }
    }

    /// Keys that other rows of the file have.
    pub(super) fn lacks(line: usize, keys: &[String]) -> Self {
        let (problem, it) = match keys {
            [_] => (format!("there is no {}, which other rows have", listed(keys)), "it"),
            _ => (format!("there are no {}, which other rows have", listed(keys)), "them"),
        };
        Self::new(line, problem, format!("write null, or leave {it} out of all rows"))
    }

    /// The row that an earlier line has: the same for the database, if not for the eye.
    pub(super) fn again(
        line: usize,
        first: usize,
        columns: &[String],
        earlier: &[String],
        key: &[String],
    ) -> Self {
        let spelt = if key == earlier {
            String::new()
        } else {
            format!(", spelt `{}` there", shortened(&earlier.join(", ")))
        };
        let (columns, key) = (listed(columns), shortened(&key.join(", ")));
        let problem = format!("the row of line {first} again, by {columns}: `{key}`{spelt}");
        Self::new(line, problem, "leave one of them out")
    }

    /// What stands there is no value of the column's type. The values that are may be known; else what
    /// the database says of it.
    pub(super) fn no_value_of(
        line: usize,
        text: &str,
        column: &Column,
        known: Option<String>,
        said: Option<&str>,
    ) -> Self {
        let (name, sql_type) = (&column.name, &column.sql_type);
        let hint = match known.or_else(|| example(sql_type).map(str::to_owned)) {
            _ if text.is_empty() && !column.not_null => {
                r#""" is an empty text; for null leave the cell empty, or write null in JSON"#
                    .to_owned()
            }
            Some(hint) => hint,
            None => format!("the database says: {}", said.unwrap_or("no")),
        };
        Self::new(line, format!("`{}` is no {sql_type} for `{name}`", shortened(text)), hint)
    }

    /// The database would keep another value, and say nothing.
    pub(super) fn cut(line: usize, text: &str, column: &Column, kept: &str) -> Self {
        let (name, sql_type) = (&column.name, &column.sql_type);
        let (text, kept) = (shortened(text), shortened(kept));
        Self::new(
            line,
            format!("`{text}` would become `{kept}`, as `{name}` is {sql_type}"),
            "write what the column can keep, or make it wider in a migration",
        )
    }
}

impl SeedError {
    /// Whether it is about what the file of the rows says.
    #[must_use]
    pub const fn is_about_rows(&self) -> bool {
        matches!(
            self,
            Self::Present(WriteError::NoColumn { .. })
                | Self::KeyNotGiven { .. }
                | Self::Missing { .. }
                | Self::Made { .. }
                | Self::Lines(_)
                | Self::Whole { .. }
                | Self::NoRows
                | Self::Unreadable { .. }
        )
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        let by_hand = "leave table= out, and write the seed by hand";
        match self {
            Self::Present(error) => match error {
                WriteError::NoTable { near: Some(near), .. } => {
                    format!("did you mean table={near}?")
                }
                WriteError::NoColumn { near: Some(near), .. } => {
                    format!("did you mean `{near}`? The first line has the names of the columns")
                }
                WriteError::NoColumn { table, .. } => format!(
                    "take it out of the file, or add it: make create-migration name=addColumnsTo{} \
                     fields=…; `\\d {table}` in make db-psql shows those that there are",
                    heck::ToUpperCamelCase::to_upper_camel_case(table.as_str())
                ),
                _ => r"`\dt` in make db-psql shows the tables".to_owned(),
            },
            Self::NoId { .. } | Self::NoKey { command: None, .. } => by_hand.to_owned(),
            Self::NoKey { command: Some(command), .. } => {
                format!("{command}, then make migrate-up; or {by_hand}")
            }
            Self::KeyNotGiven { key, .. } => format!("add {} to the file", listed(key)),
            Self::Missing { columns, table } => format!(
                "add {} to the file, {}; or give {table} a default in a migration",
                listed(columns),
                if columns.len() == 1 {
                    "with a value in each row"
                } else {
                    "each with a value in each row"
                }
            ),
            Self::Made { column, .. } => format!("take the column `{column}` out of the file"),
            Self::Lines(wrong) => wrong.first().map_or_else(String::new, |one| one.hint.clone()),
            Self::Whole { hint, .. } => hint.clone(),
            Self::NoRows => "leave rows= out to fill them in by hand".to_owned(),
            Self::Unreadable { hint, .. } => (*hint).to_owned(),
        }
    }
}

/// How many rows are told: who has made one mistake in all of them needs no more.
const TOLD: usize = 5;

fn told(wrong: &[Wrong]) -> String {
    let line = |wrong: &Wrong| format!("line {}: {}", wrong.line, wrong.problem);
    let lines: Vec<String> = wrong.iter().take(TOLD).map(line).collect();
    let more = match wrong.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    lines.join("\n  ") + &more
}

/// The start of a long value, in one line.
fn shortened(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let start: String = text.chars().take(60).map(visible).collect();
    if text.chars().nth(60).is_some() { start + "…" } else { start }
}
