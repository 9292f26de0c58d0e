//! SeaORM's entities: written from the schema that the migrations make, and compared with it.
//!
//! [`write()`] makes the files of a folder that holds nothing else: one for each table, `enums.rs`, and
//! `mod.rs`, which lists them. The same schema gives the same text on every machine and server version.
//! What is said of a table, a column or an enum (`COMMENT ON`) is its documentation; what is written by
//! hand stands in a file of its own, beside that folder, which the entity's file includes.
//!
//! [`check`] creates the tables of the compiled entities by SeaORM's own statements, and compares what
//! PostgreSQL's catalog has of both: columns, types, nullability, primary, unique and foreign keys,
//! enums. So it is the server that says whether two types are the same, and not a list of ours. Of the fields
//! SeaORM is asked which values they take, and that is compared with what the driver reads their columns as.
//!
//! # Types
//!
//! Every type has one in Rust. What the driver has no value for is a `String`, which SeaORM casts; what
//! is below a domain, and in an array, is what it would be by itself. So is an enum whose labels SeaORM
//! makes no variants of: one with `self`, or with two that are one in Rust. An array with a NULL in it or of
//! several dimensions cannot be read, nor a number of more than 28 digits; the text of an
//! `interval` or a moment in a range follows the settings of the session.
//!
//! # What has no entity
//!
//! A table without a primary key, or with one that SeaORM takes no value of ([`LeftOut`]); what leads to it has
//! no relation to it. An entity that is written by hand for one is compared, but for its key.
//!
//! # What is not compared
//!
//! What an entity has no word for: the order of columns, defaults, checks, exclusions, triggers, what a
//! foreign key does on delete, indexes that are not unique, partial ones and those over an expression.
//! Of several unique keys that share a column SeaORM knows one: the first, by the names of the columns.
//! Views and partitions need no entity; one that is written by hand for a view is not looked at.
#![deny(missing_docs)]

mod check;
mod difference;
mod error;
mod fields;
mod left_out;
mod names;
mod shape;
mod types;
mod write;

pub use check::{Compiled, check};
pub use difference::Difference;
pub use error::{Error, SameName};
pub use fields::Field;
pub use left_out::LeftOut;
pub use write::{ByHand, File, HAND_WRITTEN, Written, write};
