//! `seedbed db-stop`

use std::path::Path;

use local_postgres::{Purpose, Stopped};

use crate::environment::Environment;
use crate::output::say;
use crate::private;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let environment = Environment::load(&workspace)?;
    let stop = |purpose| private::server(&workspace, &environment, purpose).stop(&mut say);
    let (development, tests) = (stop(Purpose::Development), stop(Purpose::Tests));
    match development? {
        Stopped::Now => say("private server stopped"),
        Stopped::Before => say("no private server was running"),
    }
    if tests? == Stopped::Now {
        say("private server for tests stopped");
    }
    Ok(())
}
