//! The object that a script drops, renames or changes, for messages.

use std::fmt;

use crate::names::join_quoted;
use crate::operation::Uniqueness;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NameTarget {
    Table(String),
    Columns {
        table: String,
        columns: Vec<String>,
    },
    Index {
        table: String,
        columns: Vec<String>,
        uniqueness: Uniqueness,
    },
    /// The checks on a column, or without a column, the check with the default name of the table.
    Check {
        table: String,
        column: Option<String>,
    },
    EnumType(String),
    EnumValues {
        name: String,
        values: Vec<String>,
    },
}

impl fmt::Display for NameTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = |names: &[String]| if names.len() == 1 { "" } else { "s" };
        match self {
            Self::Table(name) => write!(f, "the table `{name}`"),
            Self::Columns { table, columns } => {
                write!(f, "the column{} {} of `{table}`", s(columns), join_quoted(columns))
            }
            Self::Index { table, columns, uniqueness } => {
                let unique = if *uniqueness == Uniqueness::Unique { "unique " } else { "" };
                write!(f, "the {unique}index on {} of `{table}`", join_quoted(columns))
            }
            Self::Check { table, column: Some(column) } => {
                write!(f, "the check on `{column}` of `{table}`")
            }
            Self::Check { table, column: None } => {
                write!(f, "the check `{table}_check` of `{table}`")
            }
            Self::EnumType(name) => write!(f, "the enum type `{name}`"),
            Self::EnumValues { name, values } => {
                write!(
                    f,
                    "the value{} {} of the enum type `{name}`",
                    s(values),
                    join_quoted(values)
                )
            }
        }
    }
}
