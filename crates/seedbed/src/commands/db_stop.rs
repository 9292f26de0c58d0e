//! `seedbed db-stop`

use std::path::Path;

use local_postgres::Stopped;

use crate::environment::Environment;
use crate::output::say;
use crate::private;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let environment = Environment::load(&workspace)?;
    match private::server(&workspace, &environment).stop(&mut say)? {
        Stopped::Now => say("private server stopped"),
        Stopped::Before => say("no private server was running"),
    }
    Ok(())
}
