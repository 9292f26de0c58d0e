//! PostgreSQL's catalogue as values: compared, written as SQL, and drawn.
//!
//! [`Catalog::read`] asks the server's system catalogue, in a handful of queries and one read-only
//! transaction. [`Catalog::to_sql`] writes what it found as one SQL file that makes the same catalogue
//! in an empty database. [`diff`] names what two catalogues do not have in common, object by object.
//! [`Catalog::to_page`], [`Catalog::to_svg`] and [`Catalog::to_mermaid`] show its tables to people.
//!
//! ```no_run
//! # use seedbed_catalog::{Catalog, Options, diff};
//! # async fn example(mut one: sqlx::PgConnection, mut other: sqlx::PgConnection)
//! # -> Result<(), seedbed_catalog::Error> {
//! let options = Options::default();
//! let ours = Catalog::read(&mut one, &options).await?;
//! let theirs = Catalog::read(&mut other, &options).await?;
//! for change in diff(&ours, &theirs) {
//!     println!("{change}");
//! }
//! println!("{}", ours.to_sql());
//! # Ok(())
//! # }
//! ```
//!
//! What is compared is what is written: an object is a statement of SQL, and its parts (columns,
//! constraints, indexes, …), its comment and its privileges are objects of their own.
//!
//! # The same text everywhere
//!
//! PostgreSQL 14 to 18 give the same text for the same schema, and so do two machines:
//!
//! - Every name is qualified, because the search path is empty while the catalogue is read; dates,
//!   intervals and bytes in constants are written in one style.
//! - PostgreSQL 18 has a constraint behind each NOT NULL. One whose name ends with `_not_null` is taken
//!   for the automatic one, also after its table was renamed, and is just `NOT NULL`.
//! - Before PostgreSQL 16 the columns of a view over one relation are written with its name; that name
//!   is taken off.
//! - Before November 2026 the alias of a table that a rule or a function in SQL writes to has no `AS`; it gets one.
//! - `status IN ('a', 'b')` over a varchar is an array that is cast; once written and loaded, it is an
//!   array of casts. Both are written as the latter.
//! - Owners are left out, and so is what an owner may do. The privileges of the schema `public` are
//!   only written if they are not those of a new database, which are others since PostgreSQL 15.
//! - Versions of extensions are left out, and so are the comments that they came with; they follow the server.
//!
//! What only a newer server has, such as the name that somebody gave to a NOT NULL, or a column that is
//! generated when it is read, is in the text of that server only. A name that is a keyword in some
//! versions is quoted within expressions by those only.
//!
//! # The order of columns
//!
//! It is compared: `SELECT *`, `COPY` and `INSERT` without a list of columns depend on it. If all that
//! differs is the order, there is one change, `column order`; a column that only one side has is that
//! change and no other.
//!
//! # What it sees
//!
//! - Schemas, extensions and in which schema they are, collations.
//! - Enums, composite types, ranges; domains with their constraints and defaults.
//! - Tables: columns with type, collation, NOT NULL, default, `GENERATED` (stored, virtual, identity with
//!   the options of its sequence), storage, compression, target and options of statistics; `UNLOGGED`,
//!   storage parameters (of TOAST too), access method, `OF` a type, replica identity, `CLUSTER ON`.
//! - Partitioned tables, partitions and their bounds, inheritance, which index is a partition of which,
//!   triggers that are switched on one partition only.
//! - Primary, unique and foreign keys, checks, exclusions; deferrable, not valid, not enforced,
//!   `NULLS NOT DISTINCT`, `WITHOUT OVERLAPS`; a name that somebody gave to a NOT NULL.
//! - Indexes, also those of keys as far as the constraint does not tell: storage parameters, comment.
//! - Sequences and which column owns them. Extended statistics and their targets.
//! - Views with their options (`security_invoker`, `check_option`) and defaults of columns; materialized
//!   views with their indexes and what is set on their columns.
//! - Functions, procedures, aggregates; triggers, rules, event triggers, and whether they are disabled.
//! - Row-level security and policies.
//! - Comments on all of these. Privileges, of columns and of the sequence of an identity too, and default
//!   privileges.
//!
//! # What it only sees the names of
//!
//! [`Catalog::not_seen`] names each of these that a database has. They are not written. One that the other side has
//! not is a change; if both have it, nothing is said of what it is:
//!
//! - Base types and types without a definition, operators and their classes and families, casts, transforms,
//!   conversions, text search objects, languages, access methods, the canonical function of a range.
//! - Foreign data wrappers, servers and tables; publications and subscriptions.
//! - Tablespaces, security labels, privileges on what belongs to an extension, a foreign key whose check is
//!   disabled; a sequence that is not as unlogged as the table that owns it, and a materialized view that is not
//!   populated, unless [`Catalog::as_from_file`] leaves both out.
//! - Settings of the database and the comment on it.
//! - Options of columns that this version does not know, as a later server may have them.
//! - Owners, if the objects of the database have several.
//!
//! # What it does not see
//!
//! - Who the one owner is, and what he may do. Who granted what to whom.
//! - Roles and their settings, the privileges on the database: they are the server's.
//! - The extension `plpgsql`, which every database has. Versions of the others, and what somebody has changed in or
//!   added to the objects of an extension.
//! - What the server keeps for itself. Since November 2026 (15.20, 17.12) that is `pg_attver` among the options of
//!   every column, another number in every database; its documentation reserves names that begin with `pg_`.
//! - Data: rows, the value of a sequence. A materialized view is written `WITH NO DATA`.
//! - Of a column of a child, and of its constraints: whether it has them only from its parent.
//!
//! # What only comes to be in steps
//!
//! Views and functions that need each other are made twice, first as a stub. A BEFORE trigger whose condition is about
//! whole rows, of a table that got a generated column later, is made with its table, before that column.
//!
//! An invalid index, as an interrupted `CREATE INDEX CONCURRENTLY` leaves it, is seen and differs from a
//! valid one; it is written as a comment, since no statement makes one.
#![deny(missing_docs)]

mod alias_text;
mod array_text;
mod catalog;
mod diagram;
mod diff;
mod enums;
mod error;
mod lexer;
mod name;
mod object;
mod order;
mod read;
mod sequence;
mod table;
mod view_text;
mod write;

pub use catalog::{Catalog, Options};
pub use diff::{Change, diff};
pub use error::Error;
pub use object::{Aspect, Kind, Object, Part, PartKind};
pub use table::{Column, Constraint, ConstraintKind, Reference, Table};
pub use write::load;
