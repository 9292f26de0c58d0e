//! What a script drops, renames or changes, in words.

use std::fmt;

use crate::intent::Uniqueness;
use crate::words::listed;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
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
    /// On that column, else the one that has the name for the whole table.
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

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = |names: &[String]| if names.len() == 1 { "" } else { "s" };
        match self {
            Self::Table(name) => write!(f, "the table `{name}`"),
            Self::Columns { table, columns } => {
                write!(f, "the column{} {} of `{table}`", s(columns), listed(columns))
            }
            Self::Index { table, columns, uniqueness } => {
                let unique = if *uniqueness == Uniqueness::Unique { "unique " } else { "" };
                write!(f, "the {unique}index on {} of `{table}`", listed(columns))
            }
            Self::Check { table, column: Some(column) } => {
                write!(f, "the check on `{column}` of `{table}`")
            }
            Self::Check { table, column: None } => {
                write!(f, "the check `{table}_check` of `{table}`")
            }
            Self::EnumType(name) => write!(f, "the enum type `{name}`"),
            Self::EnumValues { name, values } => {
                write!(f, "the value{} {} of the enum type `{name}`", s(values), listed(values))
            }
        }
    }
}
