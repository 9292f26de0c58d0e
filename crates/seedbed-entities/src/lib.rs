//! Generates SeaORM entities from a schema, and compares entities with a schema.
//!
//! [`write()`] generates all files of a folder: one for each table, `enums.rs`, `prelude.rs`, and `mod.rs`, which lists
//! them. The format is the compact one of `sea-orm-cli`: `DeriveEntityModel`, an enum `Relation`, and `Related` for
//! each table to which exactly one foreign key leads. The same schema gives the same text on every machine and server
//! version. The comment on a table, a column or an enum becomes its documentation. Hand-written code is in another
//! folder, [`HAND_WRITTEN_FOLDER`], whose files the generated files include.
//!
//! [`compare`] reads the source of entities, generated or written by hand, and returns the differences from the schema:
//! columns, types, nullability, keys and enums. [`describe`] returns one entity as values, for the code that is
//! generated from it. None of them needs a database, SeaORM, or entities that compile.
//!
//! # Types
//!
//! Every SQL type has a Rust type. A type that the driver does not support is a `String`, which the server casts.
//! `time` is also a `String`, because the driver reads `24:00` as `00:00`, and so is a date or time whose default or
//! expression is infinite, because the driver panics when it reads one. A domain has the type of its base type, and an array the type
//! of its elements; an array of arrays is a `String`. An enum is a `String` if SeaORM cannot derive distinct variants
//! from its labels, for example from `self`. An array that contains a NULL or has several dimensions cannot be read,
//! nor can a number with more than 28 digits. `EntityOptions` changes the type of any column.
//!
//! # Tables without an entity
//!
//! A table without a primary key, or with a primary key that SeaORM does not support, has no entity, and no relation
//! leads to it. Tables whose names, or the names of whose columns, are the same in Rust have no entity either.
//! [`EntityWarning`] names them. Views have an entity on request. Partitions need none.
//!
//! # What is not compared
//!
//! Entities cannot express the order of columns, defaults, checks, exclusions, triggers, and most indexes: those that
//! are not unique, those that are partial, and those on expressions. [`compare`] does not compare relations, because a
//! relation that does not match does not compile.
#![deny(missing_docs)]

mod compare;
mod declared;
mod description;
mod error;
mod inflection;
mod names;
mod schema;
mod types;
mod warning;
mod write;

pub use compare::{Difference, compare};
pub use description::{EntityDescription, FieldDescription, FieldEnum, describe};
pub use error::Error;
pub use inflection::{is_plural, plural, singular};
pub use names::is_keyword;
pub use warning::EntityWarning;
pub use write::{EntityFile, GeneratedEntities, HAND_WRITTEN_FOLDER, doc_comment, write};
