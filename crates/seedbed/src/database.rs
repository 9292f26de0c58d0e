//! Which database a command works on: the one that is named, else the `db` service of Docker compose, else the local
//! server of this checkout.

use std::process::Command;

use local_postgres::{Purpose, RunningServer, Server, StartOutcome};
use seedbed_config::{DatabaseUrl, LEADING_ELSEWHERE};

use crate::output::{Advice, say};
use crate::psql;
use crate::variables::{Named, Source, Variables};
use crate::workspace::Workspace;

/// The development database on the local server. `make fresh-start` creates it.
pub(crate) const DATABASE: &str = "seedbed_development";

/// The database that a command works on.
#[derive(Debug)]
pub(crate) enum Database {
    /// A variable names it, or it is that of the compose service.
    Named(Named),
    /// It is on the local server, which runs.
    Local(RunningServer),
}

impl Database {
    /// Chooses the development database and starts the local server if that is where it is.
    ///
    /// # Errors
    /// Fails in production unless `DATABASE_URL` is set in the environment itself: a deploy that forgot the variable
    /// must not succeed somewhere else.
    pub(crate) fn choose(workspace: &Workspace, variables: &Variables) -> anyhow::Result<Self> {
        if let Some(named) = variables.database() {
            return Ok(Self::Named(named));
        }
        let server = server(workspace, variables, Purpose::Development);
        start_local(&server, variables).map(Self::Local)
    }

    /// Chooses the server on which tests create their databases, and starts the local one for tests if it is that.
    ///
    /// # Errors
    /// Fails if `TEST_DATABASE_URL` names the development database.
    pub(crate) fn choose_for_tests(
        workspace: &Workspace,
        variables: &Variables,
    ) -> anyhow::Result<Self> {
        let Some(named) = variables.test_server() else {
            let server = server(workspace, variables, Purpose::Tests);
            return Ok(Self::Local(server.start(&mut say)?));
        };
        if variables.database().is_some_and(|development| development.url == named.url) {
            return Err(Advice::failure(
                "TEST_DATABASE_URL and DATABASE_URL name the same database",
                "name the database `postgres` of a server for tests, or unset TEST_DATABASE_URL",
            ));
        }
        let server = Self::Named(named);
        server.wait_for_service(variables)?;
        Ok(server)
    }

    /// Waits until the server answers if it is a compose service, for what does not wait by itself: compose starts it,
    /// and does not wait for it. The migrator does.
    pub(crate) fn wait_for_service(&self, variables: &Variables) -> anyhow::Result<()> {
        match self {
            Self::Named(named) => psql::wait_for_service(named, variables),
            Self::Local(_) => Ok(()),
        }
    }

    /// Sets that variable of a program to the URL of a database there: the one that is named, or on the local server the
    /// one of this name. A variable of libpq that leads elsewhere is not meant for the local server.
    pub(crate) fn hand_to(&self, program: &mut Command, variable: &str, name: &str) {
        match self {
            Self::Named(named) => program.env(variable, &named.url),
            Self::Local(running) => {
                for elsewhere in LEADING_ELSEWHERE {
                    program.env_remove(elsewhere);
                }
                program.env(variable, running.url(name))
            }
        };
    }

    /// Prints on stderr which database it is, without user and password.
    pub(crate) fn announce(&self) {
        say(&match self {
            Self::Named(Named { url, source: Source::Variable(variable) }) => {
                format!("database: {} ({variable})", address(url))
            }
            Self::Named(Named { url, source: Source::DotEnv(variable) }) => {
                format!("database: {} ({variable} in .env)", address(url))
            }
            Self::Named(Named { url, source: Source::Service }) => {
                format!("database: {} (the service of Docker compose)", address(url))
            }
            Self::Local(_) => format!("database: {DATABASE} (local server)"),
        });
    }

    /// Prints on stderr on which server the tests create their databases.
    pub(crate) fn announce_for_tests(&self) {
        let server = match self {
            Self::Named(Named { source: Source::Service, .. }) => {
                "the test-db service of Docker compose"
            }
            Self::Named(_) => "the server of TEST_DATABASE_URL",
            Self::Local(_) => "the local server for tests",
        };
        say(&format!("database: a new one for each test, on {server}"));
    }
}

/// Returns the local server of this checkout. Does not start it.
pub(crate) fn server(workspace: &Workspace, variables: &Variables, purpose: Purpose) -> Server {
    Server::new(workspace.root().join(".postgres"), purpose, variables.settings())
}

/// Finds the local server running or starts it, for a command that needs a database when none is named.
pub(crate) fn start_local(server: &Server, variables: &Variables) -> anyhow::Result<RunningServer> {
    if variables.is_production() {
        return Err(Advice::failure(
            "DATABASE_URL is not set, and in production no command chooses a database",
            "set DATABASE_URL in the environment itself: .env is not read in production",
        ));
    }
    let running = server.start(&mut say)?;
    if running.start_outcome() == StartOutcome::Started {
        say(&format!("local server started (process {})", running.pid()));
    }
    Ok(running)
}

/// Returns host, port and database of a URL: neither user nor password nor parameters.
pub(crate) fn address(url: &str) -> String {
    DatabaseUrl::parse(url).map_or_else(|_| "a URL".to_owned(), |url| url.address())
}
