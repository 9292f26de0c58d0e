//! The error of comparing entities.

use super::difference::Difference;
use crate::error::lines;

/// Why entities and schema differ, or could not be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The entities and the schema differ.
    #[error("the entities differ from the migrated schema:{}", lines(.0))]
    Differences(Vec<Difference>),
    /// The server rejected a table or an enum of an entity.
    #[error("failed to create a table of the entities: {0}")]
    Create(sea_orm::DbErr),
    /// A catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] seedbed_schema::Error),
    /// The database for the entities' tables could not be reached.
    #[error("failed to connect to the database for the entities' tables: {0}")]
    Connect(sea_orm::DbErr),
}

impl CheckError {
    /// Returns what to do about the error.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Differences(_) => Some(
                "`make entities` regenerates the entities; if they are right, write a migration"
                    .to_owned(),
            ),
            Self::Create(_) => Some(
                "use an empty database, or regenerate the entities with `make entities`".to_owned(),
            ),
            Self::Catalog(error) => error.hint(),
            Self::Connect(_) => {
                Some("check that the server is running: `make db-status`".to_owned())
            }
        }
    }
}
