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
//! The server is the one that `TEST_DATABASE_URL` names; `make test` sets it. Each test creates a
//! database of its own on it, migrates it, and drops it at the end. The database that the URL itself
//! names is never touched. When a test fails, its database is kept and its URL printed.
#![deny(missing_docs)]

mod database;

pub use database::TestDatabase;
