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
//! - `status IN ('a', 'b')` over a varchar is an array that is cast; once written and loaded, it is an
//!   array of casts. Both are written as the latter.
//! - Owners are left out, and so is what an owner may do. The privileges of the schema `public` are
//!   only written if they are not those of a new database, which are others since PostgreSQL 15.
//! - Versions and comments of extensions are left out; they follow the server.
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
//! # What it does not see
//!
//! - Owners, and privileges that an owner has taken from himself. Who granted what to whom.
//! - Roles, tablespaces, settings of roles and databases, the comment on the database: they are not in
//!   the database.
//! - Base types written in C, operators and their classes and families, casts, conversions, collations,
//!   text search objects, languages, access methods, transforms, foreign data wrappers, servers and
//!   foreign tables, publications and subscriptions, security labels, large objects. What a
//!   schema has of most of these kinds is listed by [`Catalog::not_seen`], so that nobody takes silence
//!   for equality.
//! - Data: rows, the value of a sequence, whether a materialised view is populated (it is written
//!   `WITH NO DATA`).
//! - Of a sequence that a column owns: that it is `UNLOGGED`.
//! - Of a table: that it is `OF` a type; the mark of `CLUSTER`; options of its TOAST table; storage
//!   parameters of an index that belongs to a constraint, and its comment.
//! - Of a column of a child or partition, and of its constraints: whether it has them only from its
//!   parent. What a trigger of a partitioned table is on its partitions, such as disabled there.
//! - Of a range type: its canonical function. Of an extended statistics object: its target.
//! - The extension `plpgsql`, which every database has.
//!
//! An invalid index, as an interrupted `CREATE INDEX CONCURRENTLY` leaves it, is seen and differs from a
//! valid one; it is written as a comment, since no statement makes one.
#![deny(missing_docs)]

mod array_text;
mod catalog;
mod diagram;
mod diff;
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
