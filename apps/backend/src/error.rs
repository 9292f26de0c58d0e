//! What a model can answer instead of a row.

use sea_orm::{DbErr, SqlErr};

/// Why a model could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The value must be unique, and another row has it.
    #[error("the {what} {value} is taken")]
    Taken {
        /// What has to be unique.
        what: &'static str,
        /// The value that two rows would have.
        value: String,
    },
    /// There is no row to do it with.
    #[error("there is no {what} {value}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which value.
        value: String,
    },
    /// The database refused, or could not be reached.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Error {
    /// `Taken` if the database says that a value is not unique, else what it says.
    pub(crate) fn taken(error: DbErr, what: &'static str, value: impl Into<String>) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Taken { what, value: value.into() },
            _ => Self::Database(error),
        }
    }

    /// `NotFound`, for `ok_or_else`.
    pub(crate) fn not_found(what: &'static str, value: impl ToString) -> Self {
        Self::NotFound { what, value: value.to_string() }
    }
}
