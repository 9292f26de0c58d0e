//! What the engine itself refuses about a statement of a script.

use crate::error::driver_error;

/// Why the engine refuses a statement, or what it did.
///
/// It travels inside of the driver's error, since SeaORM's errors hold nothing else.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StatementError {
    /// `IF NOT EXISTS` was content with an index that is not valid.
    #[error("the index {index} exists and is not valid, so it was not built")]
    InvalidIndex {
        /// The index, quoted where it has to be.
        index: String,
    },
}

impl StatementError {
    /// Finds it in the error of a script.
    pub(crate) fn find(error: &anyhow::Error) -> Option<&Self> {
        match driver_error(error)? {
            sqlx::Error::AnyDriverError(inner) => inner.downcast_ref(),
            _ => None,
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::InvalidIndex { index } => {
                format!("drop it, DROP INDEX CONCURRENTLY {index}; then the same command builds it")
            }
        }
    }
}

impl From<StatementError> for sqlx::Error {
    fn from(error: StatementError) -> Self {
        Self::AnyDriverError(Box::new(error))
    }
}
