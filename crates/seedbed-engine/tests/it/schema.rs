//! Tests the verbs of `Schema` on a real database.

mod enums;
mod not_null;
mod rows;
mod structure;

use seedbed_engine::{
    Action, Cancellation, Project, RunRequest, Runner, Script, ScriptFn, ScriptKind, Session,
    SessionOptions, Target, Url,
};
use seedbed_testdb::TestDatabase;
use test_fixture::texts;

/// Whether the script is one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Script,
    Statement,
}

/// Applies a script whose `up` is the given function. The error consists of the message and the hint.
pub(super) async fn up(db: &TestDatabase, unit: Unit, up: ScriptFn) -> Result<(), String> {
    run(db, unit, up, |_| Box::pin(async { Ok(()) }), Action::Up).await
}

/// Applies a script whose `up` is the given function, in a session with the given options.
pub(super) async fn up_with(
    db: &TestDatabase,
    options: SessionOptions,
    unit: Unit,
    up: ScriptFn,
) -> Result<(), String> {
    run_with(db, options, unit, up, |_| Box::pin(async { Ok(()) }), Action::Up).await
}

/// Runs one direction of a script.
pub(super) async fn run(
    db: &TestDatabase,
    unit: Unit,
    up: ScriptFn,
    down: ScriptFn,
    action: Action,
) -> Result<(), String> {
    let options = SessionOptions::new(Url::parse(db.url()).map_err(|error| error.to_string())?);
    run_with(db, options, unit, up, down, action).await
}

async fn run_with(
    db: &TestDatabase,
    options: SessionOptions,
    unit: Unit,
    up: ScriptFn,
    down: ScriptFn,
    action: Action,
) -> Result<(), String> {
    // Each script that is applied gets a new name, and a revert gets the name of the script that was applied last.
    let log = texts(db.connection(), "SELECT to_regclass('seedbed_log')::text").await;
    let count = match log.first().map(String::as_str) {
        Some("seedbed_log") => {
            texts(db.connection(), "SELECT name FROM seedbed_log WHERE direction = 'up'")
                .await
                .len()
        }
        _ => 0,
    };
    let count = if action == Action::Up { count } else { count.saturating_sub(1) };
    let name: &'static str = String::leak(format!("m{count:03}_script"));
    let script = Script::from_functions(name, name, "checksum", up)
        .down(down)
        .transaction(unit == Unit::Script);
    let script: &'static Script = Box::leak(Box::new(script));
    let project = Project { migrations: Box::leak(Box::new([script])), seeds: &[] };
    let session = Session::connect(options, &|_| {}).await.map_err(|error| error.to_string())?;
    let runner = Runner::new(&session, &project, &|_| {}, Cancellation::never())
        .map_err(|error| error.to_string())?;
    let request = RunRequest::new(action, Target::Only(vec![name.into()]));
    let result = runner.run(ScriptKind::Migration, &request).await;
    drop(runner);
    session.close().await;
    match result {
        Ok(report) if report.done.len() == 1 => Ok(()),
        Ok(report) => Err(format!("{:?}", report.done)),
        Err(failure) => Err(match failure.error.hint() {
            Some(hint) => format!("{}\nhint: {hint}", failure.error),
            None => failure.error.to_string(),
        }),
    }
}
