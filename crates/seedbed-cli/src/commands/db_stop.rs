//! The command `seedbed db-stop`.

use std::path::Path;

use local_postgres::{Purpose, StopOutcome};

use crate::database;
use crate::output::print_message;
use crate::variables::Variables;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let stop =
        |purpose| database::local_server(&workspace, &variables, purpose).stop(&mut print_message);
    let (development, tests) = (stop(Purpose::Development), stop(Purpose::Tests));
    match development? {
        StopOutcome::Stopped => print_message("local server stopped"),
        StopOutcome::NotRunning => print_message("no local server was running"),
    }
    if tests? == StopOutcome::Stopped {
        print_message("local server for tests stopped");
    }
    Ok(())
}
