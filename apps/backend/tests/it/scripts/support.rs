//! Runs some of the scripts, for tests that need an earlier schema or that run a seed again.

use anyhow::Result;
use seedbed_engine::{
    Action, Cancellation, Environment, RunReport, RunRequest, Runner, ScriptKind, Session,
    SessionOptions, Target, Url,
};
use seedbed_testdb::TestDatabase;

/// Runs scripts of the project on the test database, in the given environment.
///
/// # Errors
/// Fails with the error that ended the run, without the report of the scripts that were applied before.
pub(crate) async fn run(
    database: &TestDatabase,
    environment: &str,
    kind: ScriptKind,
    action: Action,
    target: Target,
) -> Result<RunReport> {
    let mut options = SessionOptions::new(Url::parse(database.url())?);
    options.environment = Environment::parse(environment).unwrap_or_default();
    let session = Session::connect(options, &|_| {}).await?;
    let runner = Runner::new(&session, &rds::project(), &|_| {}, Cancellation::never())?;
    runner.run(kind, &RunRequest::new(action, target)).await.map_err(|failure| failure.error.into())
}
