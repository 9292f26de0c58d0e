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
    /// SeaORM's entities need a primary key.
    #[error("{0} has no primary key, and an entity needs one")]
    NoPrimaryKey(String),
    /// SeaORM takes no such value for a row's identity.
    #[error("the primary key of {table} is {data_type}, which SeaORM finds no row by")]
    Key {
        /// The table.
        table: String,
        /// The type of its key.
        data_type: String,
    },
    /// A file written by hand adds to an entity that there is not.
    #[error("by_hand/{0}.rs belongs to no table")]
    NoTable(String),
    /// Two things of the schema would have one name in Rust.
    #[error("{one} and {other} would both be {name} in the entities")]
    SameName {
        /// The first one.
        one: String,
        /// The other one.
        other: String,
        /// What both become.
        name: String,
    },
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
            Self::NoPrimaryKey(table) => Some(format!(
                "give it one in a migration: `.col(id())`, or ALTER TABLE {table} ADD PRIMARY KEY (…)"
            )),
            Self::Key { table, .. } => {
                Some(format!("give {table} another primary key in a migration: `.col(id())`"))
            }
            Self::NoTable(name) => Some(format!(
                "name it after the entity of a table, as tables/mod.rs lists them; remove it if its table \
                 is gone; or write the whole entity {name} there, with its DeriveEntityModel"
            )),
            Self::SameName { other, .. } => Some(format!("rename {other} in a migration")),
            Self::Catalog(error) => error.hint(),
            Self::Connect(_) => Some("is the server running? `make db-status`".to_owned()),
        }
    }
}
