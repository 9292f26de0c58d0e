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
    /// SeaORM has no type for a column's, with the features that the workspace turns on.
    #[error("{column} is {data_type}, for which the entities have no type")]
    NoType {
        /// The column, such as `products.price`.
        column: String,
        /// Its type.
        data_type: String,
    },
    /// SeaORM's entities need a primary key.
    #[error("{0} has no primary key, and an entity needs one")]
    NoPrimaryKey(String),
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
            Self::NoType { data_type, .. } if data_type.starts_with("numeric") => Some(
                "double precision, or bigint for a sum of money in cents; or turn on SeaORM's feature \
                 with-rust_decimal in Cargo.toml and add the type to crates/seedbed-entities/src/types.rs"
                    .to_owned(),
            ),
            Self::NoType { .. } => Some(
                "the types that there are, and where to add one: crates/seedbed-entities/src/types.rs"
                    .to_owned(),
            ),
            Self::NoPrimaryKey(table) => Some(format!(
                "give it one in a migration: `.col(id())`, or ALTER TABLE {table} ADD PRIMARY KEY (…)"
            )),
            Self::SameName { other, .. } => Some(format!("rename {other} in a migration")),
            Self::Catalog(error) => error.hint(),
            Self::Connect(_) => Some("is the server running? `make db-status`".to_owned()),
        }
    }
}
