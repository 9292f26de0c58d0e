//! Creates a fresh, migrated database for each test, in milliseconds.
//!
//! Tests are plain functions. They run under `cargo test` and under `cargo nextest`. A test with its own database:
//!
//! ```no_run
//! # use seedbed_testdb::TestDatabase;
//! # mod rds { pub fn project() -> seedbed_engine::Project { unimplemented!() } }
//! #[tokio::test]
//! async fn a_test() {
//!     let db = TestDatabase::new(&rds::project()).await;
//!     let connection = db.connection(); // SeaORM's connection: a pool of up to four sessions
//!     let url = db.url(); // for a program that connects by itself
//!     # let _ = (connection, url);
//! }
//! ```
//!
//! A database with the seeds of an environment, and an empty database:
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
//! A transaction that is rolled back, for a test that needs no second connection:
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
//! `TEST_DATABASE_URL`, in the environment or in `.env`, names the server. The database in that URL is never changed,
//! and a URL that names the development database is refused.
//!
//! Without the variable, the first test starts a local server for tests, which all tests share and `make db-stop`
//! stops. That server flushes nothing to disk, so a power failure can destroy its data. The data is in memory if there
//! is room.
//!
//! # Templates and instances
//!
//! The migrations run once for each set of scripts, in a *template*. Whichever test comes first builds the template, in
//! whichever process. Each test gets an *instance*, which is a clone of the template. Later runs use the template again
//! until a script, a seed, the version of this crate or the version of the server changes. A template that was not
//! finished is never used.
//!
//! When a test passes, its sessions are terminated and its instance is reset:
//!
//! - Rows that the test wrote are removed.
//! - Rows of the template that the test changed are restored.
//! - Sequences are set back.
//!
//! The next test cannot distinguish a reset instance from a new clone. An instance in which a test did anything else
//! (it created a table or a function, changed a setting of the database, ran `ANALYZE`, used a temporary table) is
//! dropped, and the next test gets a new clone. Before PostgreSQL 15, and if the role is not a superuser, every
//! instance is dropped.
//!
//! PostgreSQL's own counters of written tuples and the sizes of the tables' files prove that only rows changed. A test
//! that turns the counters off (`SET track_counts = off`, which requires a superuser) and then changes the schema
//! defeats this check. Objects that all databases of a server share (roles, tablespaces) are not isolated between
//! tests.
//!
//! A test that panics keeps its instance and prints the command that opens it. The next process resets or drops the
//! databases that a killed process leaves behind. A database is dropped only if it is listed in the registry, which is
//! in the server's database `postgres`, and has a name that only this crate generates. Unused templates and the
//! databases of failed tests are dropped after seven days, and free instances after an hour without use.
//!
//! # Connections
//!
//! A test can use four connections at once. As many tests run at once, in all processes together, as the server has
//! connections for. The other tests wait and print what they wait for every ten seconds.
#![deny(missing_docs)]

mod acquire;
mod admin;
mod connection_budget;
mod database;
mod error;
mod instance;
mod manager;
mod orphans;
mod reaper;
mod registry;
mod release;
mod reset;
mod server;
mod sqlstate;
mod startup_limit;
mod template;
mod transaction;
mod wait;
mod warm_pool;

pub use database::TestDatabase;
pub use transaction::TestTransaction;
