//! `seedbed db-start`

use std::path::Path;

use local_postgres::{Purpose, StartOutcome};

use crate::database::{self, Database};
use crate::output::say;
use crate::variables::Variables;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    if variables.has_service() {
        // The launcher has started the container; what is left is to wait for the server in it.
        let database = Database::choose(&workspace, &variables)?;
        database.wait_for_service(&variables)?;
        database.announce();
        return Ok(());
    }
    let server = database::server(&workspace, &variables, Purpose::Development);
    let running = server.start(&mut say)?;
    let state = match running.start_outcome() {
        StartOutcome::Started => "started",
        StartOutcome::AlreadyRunning => "already running",
    };
    say(&format!("local server {state} (process {})", running.pid()));
    if variables.database().is_some() {
        say("DATABASE_URL is set: the other commands use that database and not this server");
    }
    Ok(())
}
