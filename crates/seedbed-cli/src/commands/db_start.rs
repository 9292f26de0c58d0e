//! The command `seedbed db-start`.

use std::path::Path;

use local_postgres::{Purpose, StartOutcome};

use crate::database::{self, Database};
use crate::output::print_message;
use crate::variables::Variables;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    if variables.has_service() {
        // The launcher has started the container, but the server in it may not be ready yet.
        let database = Database::choose(&workspace, &variables)?;
        database.wait_for_service()?;
        database.announce();
        return Ok(());
    }
    let server = database::local_server(&workspace, &variables, Purpose::Development);
    let running = server.start(&mut print_message)?;
    let state = match running.start_outcome() {
        StartOutcome::Started => "started",
        StartOutcome::AlreadyRunning => "already running",
    };
    print_message(&format!("local server {state} (process {})", running.pid()));
    if variables.database().is_some() {
        print_message(
            "note: `DATABASE_URL` is set, so the other commands use that database and not the local server",
        );
    }
    Ok(())
}
