//! The error of the models.

use sea_orm::entity::prelude::Uuid;
use sea_orm::{DbErr, SqlErr};

/// The reason why a function of a model failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another row has a value that must be unique.
    #[error("the {label} `{value}` is taken")]
    Taken {
        /// A description of the unique column, such as `slug` or `product name`.
        label: &'static str,
        /// The value that another row already has.
        value: String,
    },
    /// The user is already a member of the organization.
    #[error("the user `{user_id}` is already a member of the organization")]
    AlreadyMember {
        /// The id of the user.
        user_id: Uuid,
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
    pub(crate) fn taken(error: DbErr, label: &'static str, value: impl Into<String>) -> Self {
        Self::unique_violation(error, Self::Taken { label, value: value.into() })
    }

    /// Returns `AlreadyMember` if the database reports that the membership is not unique, and the error of the database
    /// otherwise.
    pub(crate) fn already_member(error: DbErr, user_id: Uuid) -> Self {
        Self::unique_violation(error, Self::AlreadyMember { user_id })
    }

    /// Returns `violation` if the database reports that a value is not unique, and the error of the database otherwise.
    fn unique_violation(error: DbErr, violation: Self) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => violation,
            _ => Self::Database(error),
        }
    }

    /// Returns [`Error::NotFound`] for a value that was searched for.
    pub(crate) fn not_found(entity: &'static str, value: impl ToString) -> Self {
        Self::NotFound { entity, value: value.to_string() }
    }
}
