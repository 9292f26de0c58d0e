//! A fresh, migrated database for each test, in milliseconds.
//!
//! Plain functions for plain tests, under `cargo test` and `cargo nextest` alike. A database of its own:
//!
//! ```no_run
//! # use seedbed_testdb::TestDatabase;
//! # mod rds { pub fn project() -> seedbed_engine::Project { unimplemented!() } }
//! #[tokio::test]
//! async fn a_test() {
//!     let db = TestDatabase::new(&rds::project()).await;
//!     let connection = db.connection(); // SeaORM's, a pool of up to four sessions
//!     let url = db.url(); // for a process of its own
//!     # let _ = (connection, url);
//! }
//! ```
//!
//! With the seeds of an environment, and with nothing in it:
//!
//! ```no_run
//! # use seedbed_testdb::TestDatabase;
//! # mod rds { pub fn project() -> seedbed_engine::Project { unimplemented!() } }
//! # async fn tests() {
//! let db = TestDatabase::with_seeds(&rds::project(), "development").await;
//! let db = TestDatabase::empty().await;
//! # }
//! ```
//!
//! In a transaction that is rolled back, for tests that need no second connection:
//!
//! ```no_run
//! # use seedbed_testdb::TestTransaction;
//! # mod rds { pub fn project() -> seedbed_engine::Project { unimplemented!() } }
//! #[tokio::test]
//! async fn a_test() {
//!     let test = TestTransaction::new(&rds::project()).await;
//!     let transaction = test.connection(); // SeaORM's DatabaseTransaction
//!     # let _ = transaction;
//! }
//! ```
//!
//! # The server
//!
//! The one that `TEST_DATABASE_URL` names, in the environment or in `.env`; the database that the URL
//! itself names is never touched, and a URL that names the development database is refused. Without
//! it, a local server for tests, which the first test starts and all share: nothing in it is made safe
//! against a power cut, and where there is room its data is in memory (`make db-stop` stops it).
//!
//! # Templates and instances
//!
//! The migrations run once for each set of scripts, into a *template*, by whichever test comes first, in
//! whichever process; each test gets an *instance*, a clone of it. Later runs use the template again,
//! until a script, a seed, this crate's version or the server's version is another one. A template that
//! was not finished is never used.
//!
//! At the end of a test that passes, its sessions are ended, and its instance is put back: the rows that
//! it wrote are taken out, seeded ones are restored, sequences are set back. The next test cannot tell
//! it from a new one. An instance in which a test did anything else (a table, a function, a setting of
//! the database, `ANALYZE`, a temporary table) is dropped, and the next test gets a new clone. So is
//! every instance before PostgreSQL 15, and where the role is no superuser.
//!
//! What proves that only rows were changed are PostgreSQL's own counters of written tuples, and the
//! sizes of the tables' files. A test that turns the counters off by hand (`SET track_counts = off`,
//! which takes a superuser) and then changes the schema deceives it. What all databases of a server
//! share (roles, tablespaces) is not a test's own, here as anywhere.
//!
//! A test that panics keeps its instance, and prints how to look at it. What a killed process leaves
//! behind is put back or dropped by the next one: only what is in the tables of ours, in the server's
//! database `postgres`, and has a name of ours too. Kept instances, and templates that nobody has used,
//! go after seven days, free instances after an hour without use.
//!
//! # Connections
//!
//! A test may have four at once. There are as many tests at once, in all processes together, as the
//! server has connections for; the others wait, and say so every ten seconds.
#![deny(missing_docs)]

mod admin;
mod database;
mod give_back;
mod instance;
mod keeper;
mod leftovers;
mod pristine;
mod ready;
mod records;
mod seats;
mod server;
mod slots;
mod sweep;
mod take;
mod template;
mod transaction;

pub use database::TestDatabase;
pub use transaction::TestTransaction;
