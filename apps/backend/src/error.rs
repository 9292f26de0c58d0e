//! The error of the models.

use sea_orm::{DbErr, SqlErr};

/// The reason why a function of a model failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another row has a value that must be unique.
    #[error("the {column} `{value}` is taken")]
    Taken {
        /// The value that must be unique, in words, such as `slug` or `product name`.
        column: &'static str,
        /// The value that another row already has.
        value: String,
    },
    /// The row does not exist.
    #[error("there is no {entity} `{value}`")]
    NotFound {
        /// The entity of the row, such as `role`.
        entity: &'static str,
        /// The value that was searched for.
        value: String,
    },
    /// The database refused the statement, or could not be reached.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Error {
    /// Returns `Taken` if the database reports that a value is not unique, and the error of the database otherwise.
    pub(crate) fn taken(error: DbErr, column: &'static str, value: impl Into<String>) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => {
                Self::Taken { column, value: value.into() }
            }
            _ => Self::Database(error),
        }
    }

    /// Returns [`Error::NotFound`] for a value that was searched for.
    pub(crate) fn not_found(entity: &'static str, value: impl ToString) -> Self {
        Self::NotFound { entity, value: value.to_string() }
    }
}
