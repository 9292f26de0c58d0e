//! `seedbed db-stop`

use std::path::Path;

use local_postgres::{Purpose, StopOutcome};

use crate::database;
use crate::output::say;
use crate::variables::Variables;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let stop = |purpose| database::server(&workspace, &variables, purpose).stop(&mut say);
    let (development, tests) = (stop(Purpose::Development), stop(Purpose::Tests));
    match development? {
        StopOutcome::Stopped => say("local server stopped"),
        StopOutcome::NotRunning => say("no local server was running"),
    }
    if tests? == StopOutcome::Stopped {
        say("local server for tests stopped");
    }
    Ok(())
}
