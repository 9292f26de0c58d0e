//! The private server of a checkout.

use local_postgres::{Purpose, Running, Server};

use crate::environment::Environment;
use crate::output::{Advice, say};
use crate::workspace::Workspace;

/// The developer's database. `make fresh-start` creates it.
pub(crate) const DATABASE: &str = "seedbed_development";

pub(crate) fn server(workspace: &Workspace, environment: &Environment, purpose: Purpose) -> Server {
    Server::new(workspace.root().join(".postgres"), purpose, environment.settings())
}

/// Finds it running or starts it, for a command that needs a database and was given none. A deploy
/// that forgot `DATABASE_URL` fails here instead of succeeding somewhere else.
pub(crate) fn instead_of_url(
    server: &Server,
    environment: &Environment,
) -> anyhow::Result<Running> {
    if environment.is_production() {
        return Err(Advice::failure(
            "DATABASE_URL is not set, and in production there is no other database",
            "set DATABASE_URL, or APP_ENV to something else than production",
        ));
    }
    Ok(server.start(&mut say)?)
}
