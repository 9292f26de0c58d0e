//! PostgreSQL schemas as values that can be compared and written as SQL.
//!
//! [`DatabaseSchema::read`] reads a database's system catalog with a few queries in one read-only transaction.
//! [`DatabaseSchema::to_sql`] writes the schema as one SQL file, which creates the same schema in an empty database.
//! [`diff`] returns the differences between two schemas, object by object.
//!
//! ```no_run
//! # use seedbed_schema::{DatabaseSchema, ReadOptions, diff};
//! # async fn example(mut one: sqlx::PgConnection, mut other: sqlx::PgConnection)
//! # -> Result<(), seedbed_schema::Error> {
//! let options = ReadOptions::default();
//! let ours = DatabaseSchema::read(&mut one, &options).await?;
//! let theirs = DatabaseSchema::read(&mut other, &options).await?;
//! for change in diff(&ours, &theirs) {
//!     println!("{change}");
//! }
//! println!("{}", ours.to_sql());
//! # Ok(())
//! # }
//! ```
//!
//! Schemas are compared by their values. The parts of an object (columns, constraints, indexes, …), its comment and its
//! privileges are separate objects. A change names the fields that differ.
//!
//! # The same text everywhere
//!
//! PostgreSQL 14 to 18 give the same text for the same schema:
//!
//! - Every name is qualified, because the search path is empty while the catalog is read. Dates, intervals and bytes in
//!   constants have one style.
//! - PostgreSQL 18 has a named constraint for each NOT NULL. A name that ends with `_not_null` counts as chosen by the
//!   server, even after its table was renamed, and the constraint is written as `NOT NULL` without its name.
//! - Before PostgreSQL 16, the columns of a view over one relation are qualified with its name. The qualifier is
//!   removed.
//! - Releases before November 2026 write no `AS` before the alias of a table that a rule or an SQL function modifies.
//!   The `AS` is added.
//! - The server stores `status IN ('a', 'b')` on a varchar as a cast of an array. When it executes the text that it
//!   writes for this cast, it stores an array of casts. Both are written as an array of casts.
//! - Owners and their privileges are omitted. The privileges of the schema `public` are only written if they differ
//!   from those of a new database, which changed in PostgreSQL 15.
//! - Versions of extensions are omitted, and so are their default comments.
//!
//! A feature that only a newer server supports, such as a named NOT NULL or a virtual generated column, is only in the
//! text of that server.
//!
//! # The order of columns
//!
//! The order of columns is compared, because `SELECT *`, `COPY` and `INSERT` without a list of columns depend on it. If
//! only the order differs, there is one change, `column order`. A column that only one schema has is one change.
//!
//! # What is read
//!
//! - Schemas, extensions with their schemas, and collations. Dictionaries and configurations of text search.
//! - Enums, composite types and ranges; domains with their constraints and defaults.
//! - Tables: columns with type, collation, NOT NULL, default, `GENERATED` (stored, virtual, identity with the options
//!   of its sequence), storage, compression, statistics target and options; `UNLOGGED`, storage parameters (also of
//!   TOAST), access method, `OF` a type, replica identity, `CLUSTER ON`.
//! - Partitioned tables, partitions and their bounds, inheritance, attached indexes, and triggers that are enabled or
//!   disabled on one partition only.
//! - Primary, unique and foreign keys, checks and exclusions; deferrable, not valid, not enforced,
//!   `NULLS NOT DISTINCT`, `WITHOUT OVERLAPS`; named NOT NULL constraints.
//! - Indexes, and the storage parameters and comments of constraints' indexes.
//! - Sequences and the columns that own them. Extended statistics and their targets.
//! - Views with their options (`security_invoker`, `check_option`) and the defaults of their columns; materialized
//!   views with their indexes and the settings of their columns.
//! - Functions, procedures and aggregates; triggers, rules and event triggers, and their firing modes.
//! - Row-level security and policies.
//! - Comments on all of these. Privileges, also of columns and of identity sequences, and default privileges.
//!
//! # What is read by name only
//!
//! [`DatabaseSchema::unsupported_names`] returns the names of these objects. They are not written. An object that the
//! other schema does not have is a change. The definitions of casts, operators, foreign data wrappers, servers and
//! tables, and publications are compared if both sides have a definition:
//!
//! - Base types and shell types, operators with their classes and families, casts, transforms, conversions, parsers and
//!   templates of text search, languages, access methods, and the canonical function of a range.
//! - Foreign data wrappers, servers and tables; publications and subscriptions.
//! - Tablespaces, security labels, privileges on objects of extensions, and foreign keys with disabled checks.
//! - Sequences whose persistence differs from that of the owning table, and materialized views that are not populated,
//!   unless [`DatabaseSchema::without_runtime_state`] removes both.
//! - Settings of the database and the comment on it.
//! - Options of columns that this version does not know.
//! - Owners, if the objects of the database have several.
//!
//! # What is not read
//!
//! - The owner of the objects, if there is only one, and its privileges. The role that granted a privilege.
//! - Roles and their settings, and privileges on the database, which belong to the server.
//! - The extension `plpgsql`, which every database has; the versions of other extensions, and changes to their objects.
//! - Internal state of the server. Since November 2026 (15.20, 17.12) this includes `pg_attver` among the options of
//!   every column, which differs between databases. PostgreSQL's documentation reserves names that begin with `pg_`.
//! - Data: rows and the values of sequences. A materialized view is written `WITH NO DATA`.
//! - Whether an inherited column or constraint is also defined locally.
//!
//! # What takes several statements
//!
//! Views and functions that depend on each other are created twice, first as a stub. The server rejects a BEFORE
//! trigger whose condition uses the whole row if the table has a generated column, but it keeps such a trigger when the
//! column is added later. In the file, such a trigger is created before the column.
//!
//! An invalid index, which an interrupted `CREATE INDEX CONCURRENTLY` leaves, differs from a valid one. It is written
//! as a comment, because no statement creates it.
#![deny(missing_docs)]

mod diff;
mod error;
pub mod model;
mod normalize;
mod options;
mod read;
mod sql;
mod sql_file;

pub use diff::{Change, FieldChange, diff};
pub use error::Error;
pub use model::DatabaseSchema;
pub use options::{DefinitionStyle, ReadOptions};
pub use sql_file::execute_sql_file;
