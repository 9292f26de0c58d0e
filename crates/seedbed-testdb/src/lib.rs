//! A fresh, migrated database for each test.
//!
//! ```no_run
//! # use seedbed_engine::Project;
//! # use seedbed_testdb::TestDatabase;
//! # async fn test(project: &Project) {
//! let db = TestDatabase::new(project).await;
//! let connection = db.connection();
//! # }
//! ```
//!
//! The server is the one that `TEST_DATABASE_URL` names; `make test` sets it. The database that the
//! URL itself names is never touched.
//!
//! The migrations run once for each set of scripts, into a *template*; each test gets an *instance*, a
//! clone of it. Whichever test comes first builds the template, in whichever process, and later runs
//! use it again, until a script, a seed, this crate's version or the server's version is another one.
//! A template that was not finished is never used.
//!
//! A test that passes drops its instance. One that panics keeps it, and prints how to look at it. What
//! a killed process leaves behind is dropped by the next one: only what is in the table of ours, in
//! the server's database `postgres`, and has a name of ours too. Kept instances, and templates that
//! nobody has used, go after seven days.
#![deny(missing_docs)]

mod admin;
mod database;
mod give_back;
mod instance;
mod keeper;
mod pristine;
mod records;
mod server;
mod slots;
mod sweep;
mod take;
mod template;
mod transaction;

pub use database::TestDatabase;
pub use transaction::TestTransaction;
