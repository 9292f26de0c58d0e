//! The error of this crate.

use crate::difference::Difference;

/// Why entities and schema differ, or could not be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The entities and the schema differ.
    #[error("the entities differ from the migrated schema:{}", lines(.0))]
    Differences(Vec<Difference>),
    /// The server rejected a table or an enum of an entity.
    #[error("failed to create a table of the entities: {0}")]
    Create(sea_orm::DbErr),
    /// A hand-written file extends an entity that does not exist.
    #[error("by_hand/{0}.rs does not belong to a table")]
    UnknownTable(String),
    /// Several objects of the schema have the same name in Rust.
    #[error("several names of the schema become the same name in Rust:{}", lines(.0))]
    NameCollisions(Vec<NameCollision>),
    /// A catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] seedbed_schema::Error),
    /// The database for the entities' tables could not be reached.
    #[error("failed to connect to the database for the entities' tables: {0}")]
    Connect(sea_orm::DbErr),
}

fn lines(texts: &[impl ToString]) -> String {
    texts.iter().map(|text| format!("\n  {}", text.to_string())).collect()
}

/// Objects of a schema that have the same name in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameCollision {
    /// The scope of the names, such as `columns of public.users`.
    pub scope: String,
    /// The names in SQL.
    pub names: Vec<String>,
    /// The name in Rust.
    pub rust_name: String,
}

impl std::fmt::Display for NameCollision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} become {}", self.scope, self.names.join(", "), self.rust_name)
    }
}

impl Error {
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
            Self::UnknownTable(name) => Some(format!(
                "name it after an entity in tables/mod.rs, remove it if its table is gone, or write \
                    the whole entity {name} in it, with DeriveEntityModel"
            )),
            Self::NameCollisions(_) => Some("rename all but one of each in a migration".to_owned()),
            Self::Catalog(error) => error.hint(),
            Self::Connect(_) => {
                Some("check that the server is running: `make db-status`".to_owned())
            }
        }
    }
}
