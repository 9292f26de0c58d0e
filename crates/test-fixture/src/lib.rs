//! A migrator for projects of test scripts, with the functions that a test needs to start it and to read its database.
//!
//! ```ignore
//! let db = TestDatabase::empty().await;
//! let run = Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
//! run.stdout_contains(["4 migrations applied in "]);
//! ```
//!
//! A package whose tests use [`Fixture`] has an example named `<package>-fixture`, which calls [`migrator::main()`].
#![deny(missing_docs)]

mod concurrency;
mod fixture;
mod gate;
mod history;
mod inline;
pub mod migrator;
mod process;
mod proxy;
mod snapshot;
mod sql;

pub use concurrency::{run_each, within_deadline};
pub use fixture::{Fixture, LONG_LOCK_TIMEOUT};
pub use gate::{Gate, SLOW_SCRIPT_GATE};
pub use history::{applied_migrations, catalog, migrated_database, printed_steps};
pub use inline::{InlineScript, sql};
pub use process::{ProcessOutput, RunningProcess};
pub use proxy::{Cut, Proxy};
pub use snapshot::DatabaseSnapshot;
pub use sql::{connect, execute, text, texts, wait_until};
