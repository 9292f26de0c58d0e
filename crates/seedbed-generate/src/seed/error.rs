//! Why no seed was written.

use crate::WriteError;

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
    #[error("`{table}` has no unique constraint or index on columns that are given and NOT NULL")]
    NoKey {
        /// The table.
        table: String,
    },

    /// A column that rows cannot do without.
    #[error("the rows have no `{column}`, and `{table}` needs it")]
    Missing {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },

    /// A column that rows have to do without.
    #[error("the rows have `{column}`, which the database makes in `{table}`")]
    Made {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },

    /// It cannot be the name of a field.
    #[error("`{column}` of `{table}` is no name for a field of Rust")]
    OddName {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },

    /// It is no value of the column's type, or null where there is none.
    #[error("row {row}: `{value}` is no {wanted} for `{column}`")]
    Value {
        /// From 1.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        value: String,
        /// The type.
        wanted: String,
    },

    /// Two rows are the same one.
    #[error("row {row}: `{key}` is there twice as {columns}")]
    Twice {
        /// From 1; the second of them.
        row: usize,
        /// The columns of the key.
        columns: String,
        /// Their values.
        key: String,
    },

    /// The file has a header, or an empty list.
    #[error("there are no rows")]
    NoRows,

    /// The file is not what its name says.
    #[error("the rows cannot be read: {problem}")]
    Unreadable {
        /// Why.
        problem: String,
    },
}

impl SeedError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Present(error) => match error {
                WriteError::NoTable { near: Some(near), .. } => format!("did you mean table={near}?"),
                WriteError::NoColumn { near: Some(near), .. } => format!("did you mean `{near}`?"),
                _ => "make db-psql shows what there is".to_owned(),
            },
            Self::NoId { .. } | Self::OddName { .. } => {
                "leave table= out, and write the seed by hand".to_owned()
            }
            Self::NoKey { table } => {
                let name = heck::ToUpperCamelCase::to_upper_camel_case(table.as_str());
                format!("make create-migration name=addUniqueIndexTo{name}OnName, then make migrate-up")
            }
            Self::Missing { column, .. } => format!("add a column `{column}` to the file"),
            Self::Made { column, .. } => format!("take the column `{column}` out of the file"),
            Self::Value { .. } => "an empty cell is null, where the column allows one".to_owned(),
            Self::Twice { .. } => "leave one of them out".to_owned(),
            Self::NoRows => "leave rows= out to fill them in by hand".to_owned(),
            Self::Unreadable { .. } => {
                "a .csv has the names of the columns in its first line; a .json is a list of objects"
                    .to_owned()
            }
        }
    }
}
