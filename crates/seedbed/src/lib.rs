//! Migrations and seeds for PostgreSQL, as two async functions in each file.
//!
//! This is the library that a project depends on. Its scripts use the [`prelude`], its `migrator` binary is
//! `cli::main` (feature `cli`), and a service that migrates its own database calls [`migrate`]:
//!
//! ```no_run
//! # async fn start(project: &seedbed::Project) -> Result<(), Box<dyn std::error::Error>> {
//! let report = seedbed::migrate(project, &std::env::var("DATABASE_URL")?).await?;
//! println!("{} migrations applied", report.done.len());
//! # Ok(())
//! # }
//! ```
//!
//! | feature | meaning |
//! | --- | --- |
//! | `cli` | `cli::main`, the whole of a `migrator` binary |
//! | `dynamic_linking` | all crates below this one as one shared library, so that development builds link faster |
#![deny(missing_docs)]

#[cfg(feature = "cli")]
pub mod cli;
mod migrate;

pub use migrate::{MigrateError, migrate};
pub use seedbed_engine::{
    Action, BoxFuture, Cancellation, ConnectError, DatabaseLifetime, Direction, Environment, Error,
    Events, Name, Outcome, Project, RunFailure, RunReport, RunRequest, Runner, Schema,
    SchemaCheckError, SchemaFuture, Script, ScriptFn, ScriptKind, ScriptVersion, Selector, Session,
    SessionOptions, Target, Url, UrlError, ensure_schema_is_current, prelude,
};

#[cfg(feature = "dynamic_linking")]
use seedbed_dylib as _;
