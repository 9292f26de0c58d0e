//! The text of a migration or a seed, from its name and a list of fields.
//!
//! `createWidgets` with `name:string! organization:references:cascade` says all that a script needs.
//! [`Readings::parse`] reads the name, [`Readings::choose`] takes the one reading that fits the database,
//! [`Field::parse_all`] reads the fields, and [`write()`] makes complete files of them, whose `down` is the exact inverse of `up`. What is dropped or changed is restored as
//! [`Present`] describes it, which the caller reads from the database by [`Present::query`].
//! [`Seed`] makes a seed of a table and a file of [`Rows`], [`write_model`] a model and its test of the
//! text of an entity.
//!
//! What only the database can judge, such as a condition, comes back as [`Trial`]s for the caller to send.
//!
//! Nothing here touches a database or the disk. [`format()`] alone runs a program, `rustfmt`: only it
//! knows how `cargo fmt` will break the lines.
#![deny(missing_docs)]

mod field;
mod format;
mod intent;
mod model;
mod present;
mod rust;
mod seed;
mod sql;
mod trial;
mod words;
mod write;

pub use field::{Field, FieldError};
pub use format::format;
pub use intent::{Columns, EXAMPLES, Intent, Readings, TableName, Uniqueness};
pub use model::{ModelError, WrittenModel, listed, write_model};
pub use present::Present;
pub use seed::{Rows, Seed, SeedError, SeedRequest, Wrong};
pub use trial::Trial;
pub use words::singular;
pub use write::{Chosen, GeneratedFile, Request, WriteError, Written, write};
