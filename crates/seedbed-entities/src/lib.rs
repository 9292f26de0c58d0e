//! SeaORM's entities: compared with the schema that the migrations make.
//!
//! [`check`] lets SeaORM create the tables of the entities in an empty database, and compares what
//! PostgreSQL's catalogue has of both: columns, types, nullability, primary, unique and foreign keys,
//! enums. So it is the server that says whether two types are the same, and not a list of ours.
//!
//! # What is not compared
//!
//! What an entity has no word for: the order of columns, defaults, checks, exclusions, triggers, what a
//! foreign key does on delete, indexes that are not unique, partial ones and those over an expression.
//! Of several unique keys that share a column SeaORM knows one: the first, by the names of the columns.
//! Views and partitions need no entity.
#![deny(missing_docs)]

mod check;
mod difference;
mod error;
mod shape;

pub use check::check;
pub use difference::Difference;
pub use error::Error;
