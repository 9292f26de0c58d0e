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
    /// A file written by hand adds to an entity that there is not.
    #[error("by_hand/{0}.rs belongs to no table")]
    NoTable(String),
    /// Things of the schema would have one name in Rust.
    #[error("these would have one name in the entities:{}", lines(.0))]
    SameNames(Vec<SameName>),
    /// A catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] seedbed_catalog::Error),
    /// There was no connection to the database in which the entities' tables are made.
    #[error("could not connect to the database for the entities' tables: {0}")]
    Connect(sea_orm::DbErr),
}

fn lines(texts: &[impl ToString]) -> String {
    texts.iter().map(|text| format!("\n  {}", text.to_string())).collect()
}

/// Things of a schema that would have one name in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameName {
    /// Where, such as `columns of public.users`.
    pub of: String,
    /// Their names in SQL.
    pub names: Vec<String>,
    /// What all of them become.
    pub name: String,
}

impl std::fmt::Display for SameName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} would all be {}", self.of, self.names.join(", "), self.name)
    }
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
            Self::NoTable(name) => Some(format!(
                "name it after the entity of a table, as tables/mod.rs lists them; remove it if its table \
                 is gone; or write the whole entity {name} there, with its DeriveEntityModel"
            )),
            Self::SameNames(_) => Some("rename all but one of each in a migration".to_owned()),
            Self::Catalog(error) => error.hint(),
            Self::Connect(_) => Some("is the server running? `make db-status`".to_owned()),
        }
    }
}
