//! `seedbed db-url`

use std::path::Path;

use local_postgres::{Purpose, StartOutcome};

use crate::database;
use crate::output::{print, say};
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print that of the local server for tests, whatever `DATABASE_URL` says.
    #[arg(long)]
    for_tests: bool,
}

/// Only the URL goes to standard output: `make` hands it on. Does not create the database.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    if args.for_tests {
        let server = database::server(&workspace, &variables, Purpose::Tests);
        let running = server.start(&mut say)?;
        if running.start_outcome() == StartOutcome::Started {
            say(&format!("local server for tests started (process {})", running.pid()));
        }
        // Each test makes a database of its own, from this one.
        return print(&running.url("postgres"));
    }
    if let Some(named) = variables.database() {
        return print(&named.url);
    }
    let server = database::server(&workspace, &variables, Purpose::Development);
    let running = database::start_local(&server, &variables)?;
    print(&running.url(database::DATABASE))
}
