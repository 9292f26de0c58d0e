//! Proves on temporary databases that each script can be reverted, and that each migration can be applied to tables
//! with rows. Prints nothing.
//!
//! ```text
//! for each migration, on a database without rows:
//!   read ─► up ─► read ─► down ─► read: equal to the first? ─► up ─► read: equal to the second?
//! for each migration, on a database with generated rows in every table:
//!   up ─► generate rows in the tables that it created
//! for each seed, after all migrations, in tables that already hold generated rows:
//!   rows ─► up ─► rows ─► up: equal? ─► down: equal to the first? ─► up, for the seeds that follow
//! ```
//!
//! After a finding, the database is created again from the migrations alone, so that each finding belongs to one
//! script.

mod finding;
mod generated_rows;
mod migrated_database;
mod migrations;
mod project_tables;
mod seeds;
mod selection;
mod table_contents;

use seedbed_engine::{Cancellation, Error, Events, Name, Project, SessionOptions};

pub(crate) use finding::{Finding, RowChanges, ScriptFailure, SkipReason, Verification};
use migrated_database::MigratedDatabase;
pub(crate) use selection::Selection;

/// The reason why the verification could not continue.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    /// A run failed for a reason that is not a fault of the verified script, such as a lost connection.
    #[error(transparent)]
    Engine(#[from] Error),
    /// The schema could not be read.
    #[error(transparent)]
    Schema(#[from] seedbed_schema::Error),
    /// The rows of the tables could not be read.
    #[error("failed to read the rows of the tables: {0}")]
    Rows(#[source] sqlx::Error),
}

/// The progress of a verification.
#[derive(Debug)]
pub(crate) enum VerificationProgress<'p> {
    /// The verification of a script begins.
    Started(&'p Name),
    /// The result of a script is known.
    Finished(Box<Verification>),
}

/// Verifies the scripts of a project on temporary databases.
#[derive(Clone, Copy)]
pub(crate) struct Verifier<'v> {
    pub(crate) project: &'v Project,
    /// The options for connecting to the server on which the temporary databases are created.
    pub(crate) options: &'v SessionOptions,
    pub(crate) events: Events<'v>,
    pub(crate) cancellation: &'v Cancellation,
    pub(crate) progress: &'v (dyn Fn(VerificationProgress<'_>) + Send + Sync),
}

impl Verifier<'_> {
    /// Verifies the selected scripts. Drops the temporary databases even if the verification fails.
    ///
    /// # Errors
    /// Fails if no temporary database can be created, if a migration fails on a database without rows, or if the
    /// verification is interrupted.
    pub(crate) async fn run(&self, selection: &Selection) -> Result<(), VerifyError> {
        if selection.is_empty() {
            return Ok(());
        }
        let mut database = MigratedDatabase::create(*self).await?;
        let verified = async {
            migrations::verify(self, selection, &mut database).await?;
            seeds::verify(self, selection, &mut database).await
        };
        let verified = verified.await;
        let dropped = database.drop().await;
        verified.and(dropped)
    }
}
