//! A migrator over projects of test scripts, and what a test needs to start it and to look at its database.
//!
//! ```ignore
//! let db = TestDatabase::empty().await;
//! let run = Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
//! run.printed(["4 migrations applied in "]);
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
mod proxy;
mod running;
mod sql;
mod state;

pub use concurrency::{each, in_time};
pub use fixture::{Fixture, PATIENT};
pub use gate::Gate;
pub use history::{applied, catalog, migrated, steps};
pub use inline::{Inline, sql};
pub use proxy::{Cut, Proxy};
pub use running::{Finished, Running};
pub use sql::{connect, execute, text, texts, wait_until};
pub use state::State;
