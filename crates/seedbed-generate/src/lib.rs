//! Generates the source of migrations, seeds and models.
//!
//! A migration is generated from its name and a list of fields, such as `createWidgets` with
//! `name:string! organization:references:cascade`:
//!
//! 1. [`Interpretations::parse`] lists what the name may mean.
//! 2. [`Interpretations::choose`] picks the one [`Operation`] that fits the database.
//! 3. [`write_migration`] reads the fields with [`Field::parse_all`] and writes complete files,
//!    whose `down` is the exact inverse of `up`.
//!
//! An operation that drops or changes something needs the definition of the existing objects. The
//! caller reads the schema with [`read_options`] and passes it as a
//! [`DatabaseSchema`](seedbed_schema::DatabaseSchema).
//!
//! [`Seed`] generates a seed from a table and the [`Rows`] of a file. [`write_model`] generates a
//! model and its test from the description of an entity.
//!
//! Only the database can check some inputs, such as the condition of a check. They are returned as
//! [`DryRun`]s, which the caller sends to the database.
//!
//! This crate does not access a database or the disk. Only [`format()`] runs a program, `rustfmt`.
#![deny(missing_docs)]

mod column_facts;
mod dependents;
mod dry_run;
mod field;
mod format;
mod migration;
mod model;
mod names;
mod operation;
mod rust_source;
mod seed;
#[cfg(test)]
mod test_schema;
mod unrestorable;
mod visible_schema;

pub use dry_run::DryRun;
pub use field::{Field, FieldError};
pub use format::format;
pub use migration::{
    ChosenOperation, GeneratedFile, MigrationOutcome, MigrationRequest, WriteError, write_migration,
};
pub use model::{GeneratedModel, ModelError, add_module, write_model};
pub use operation::{Columns, EXAMPLES, Interpretations, Operation, TableName, Uniqueness};
pub use seed::{RowError, Rows, Seed, SeedError, SeedRequest};
pub use visible_schema::{NameOwner, has_table, read_options};
