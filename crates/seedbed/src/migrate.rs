//! A service that migrates its own database when it starts.

use seedbed_engine::{
    Action, Cancellation, ConnectError, Error, Project, RunFailure, RunReport, RunRequest, Runner,
    ScriptKind, Session, SessionOptions, Target, Url, UrlError,
};

/// The error of [`migrate`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The URL names no database that can be used.
    #[error("the URL of the database is not valid")]
    Url(#[from] UrlError),
    /// The server cannot be reached, or it refuses the connection.
    #[error("failed to connect to the database")]
    Connect(#[from] ConnectError),
    /// Two files of the project have the same name.
    #[error("the scripts of the project are not valid")]
    Project(#[from] Error),
    /// A migration failed. The migrations that were applied before it are committed.
    #[error("failed to apply the migrations")]
    Run(#[from] RunFailure),
}

/// Applies all pending migrations to the database of the URL, and returns what was applied.
///
/// Any number of processes may call it at the same moment: each migration is applied exactly once. Runs no seeds, and takes
/// no lock if nothing is pending.
///
/// # Errors
/// Fails if the database cannot be reached or if a migration fails. [`RunFailure`] contains the migrations that were
/// applied before.
///
/// # Examples
/// ```no_run
/// # async fn start(project: &seedbed::Project) -> Result<(), seedbed::MigrateError> {
/// seedbed::migrate(project, "postgres://localhost/shop").await?;
/// # Ok(())
/// # }
/// ```
pub async fn migrate(project: &Project, database_url: &str) -> Result<RunReport, MigrateError> {
    let options = SessionOptions::new(Url::parse(database_url)?);
    let session = Session::connect(options, &|_| {}).await?;
    let result = match Runner::new(&session, project, &|_| {}, Cancellation::never()) {
        Ok(runner) => {
            let request = RunRequest::new(Action::Up, Target::All);
            runner.run(ScriptKind::Migration, &request).await.map_err(MigrateError::from)
        }
        Err(error) => Err(error.into()),
    };
    session.close().await;
    result
}
