//! What can go wrong, and what to do about it.

use crate::difference::Difference;

/// Why entities and schema do not agree, or could not be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// They do not agree.
    #[error("the entities are not what the migrations make:{}", lines(.0))]
    Differ(Vec<Difference>),
    /// The server refused a table or enum of an entity.
    #[error("PostgreSQL does not take a table of the entities: {0}")]
    Create(sea_orm::DbErr),
    /// A catalogue could not be read.
    #[error(transparent)]
    Catalog(#[from] seedbed_catalog::Error),
    /// There was no connection to the database in which the entities' tables are made.
    #[error("could not connect to the database for the entities' tables: {0}")]
    Connect(sea_orm::DbErr),
}

fn lines(differences: &[Difference]) -> String {
    differences.iter().map(|difference| format!("\n  {difference}")).collect()
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Differ(_) => Some(
                "`make entities` writes the entities anew; if they are right, write a migration"
                    .to_owned(),
            ),
            Self::Create(_) => Some(
                "the database has to be empty; else `make entities` writes the entities anew"
                    .to_owned(),
            ),
            Self::Catalog(error) => error.hint(),
            Self::Connect(_) => Some("is the server running? `make db-status`".to_owned()),
        }
    }
}
