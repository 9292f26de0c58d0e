//! Generates SeaORM entities from the migrated schema, and compares compiled entities with it.
//!
//! [`write_entities`] generates all files of a folder: one for each table, `enums.rs`, and `mod.rs`, which
//! lists them. The same schema gives the same text on every machine and server version. The comment on a
//! table, a column or an enum becomes its documentation. Hand-written code is in files beside that folder,
//! which the files of the entities include.
//!
//! `check` (feature `check`, for a test of the project) creates the tables of the compiled entities with SeaORM's own statements, and compares both
//! catalogs: columns, types, nullability, primary, unique and foreign keys, and enums. So the server decides
//! whether two types are the same. For each field, it also asks SeaORM which values the field accepts,
//! and compares them with the values that the driver reads from the column.
//!
//! # Types
//!
//! Every SQL type has a Rust type. A type that the driver does not support is a `String`, which SeaORM
//! casts. A domain has the type of its base type, and an array the type of its elements. An enum is a
//! `String` if SeaORM cannot derive distinct variants from its labels, for example from `self`. An array
//! that contains a NULL or has several dimensions cannot be read, nor can a number with more than 28
//! digits. The text of an `interval`, or of a time in a range, depends on the settings of the session.
//!
//! # What has no entity
//!
//! A table without a primary key, or with one that SeaORM does not support, has no entity
//! ([`SkippedTable`]), and no relation leads to it. A hand-written entity for such a table is compared,
//! except for its key.
//!
//! # What is not compared
//!
//! Entities cannot express the order of columns, defaults, checks, exclusions, triggers, the actions of
//! foreign keys, and indexes that are not unique, partial, or on expressions. Of several composite unique
//! keys that share a column, SeaORM supports one: the first by the names of the columns. Views and
//! partitions need no entity. A hand-written entity for a view is not compared.
#![deny(missing_docs)]

#[cfg(feature = "check")]
mod check;
mod entity_schema;
mod error;
mod names;
mod skipped_table;
mod types;
mod write;

#[cfg(feature = "check")]
pub use check::{CheckError, CompiledEntities, Difference, Field, check};
pub use error::{Error, NameCollision};
pub use skipped_table::SkippedTable;
pub use write::{EntityFile, GeneratedEntities, HAND_WRITTEN_FOLDER, HandWritten, write_entities};
