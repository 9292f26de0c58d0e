//! The command `seedbed db-url`.

use std::path::Path;

use local_postgres::{Purpose, StartOutcome};

use crate::database;
use crate::output::{print_data, print_message};
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the URL of the local server for tests, even if `DATABASE_URL` is set.
    #[arg(long)]
    for_tests: bool,
}

/// Prints the URL, and nothing else on stdout. Starts the local server if the database is on it. Does not create the
/// database.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    if args.for_tests {
        let server = database::local_server(&workspace, &variables, Purpose::Tests);
        let running = server.start(&mut print_message)?;
        if running.start_outcome() == StartOutcome::Started {
            print_message(&format!("local server for tests started (process {})", running.pid()));
        }
        // Each test creates its own database, while it is connected to `postgres`.
        return print_data(&running.url("postgres"));
    }
    if let Some(named) = variables.database() {
        return print_data(&named.url);
    }
    let server = database::local_server(&workspace, &variables, Purpose::Development);
    let running = database::start_local(&server, &variables)?;
    print_data(&running.url(database::DATABASE))
}
