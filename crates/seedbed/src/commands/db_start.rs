//! `seedbed db-start`

use std::path::Path;

use local_postgres::{Purpose, Started};

use crate::environment::Environment;
use crate::output::say;
use crate::private;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let environment = Environment::load(&workspace)?;
    let server = private::server(&workspace, &environment, Purpose::Development);
    let running = server.start(&mut say)?;
    let state = match running.started() {
        Started::Now => "started",
        Started::Before => "running already",
    };
    say(&format!("private server {state} (process {})", running.pid()));
    if environment.database_url().is_some() {
        say("DATABASE_URL is set: the other commands use that database, and not this server");
    }
    Ok(())
}
