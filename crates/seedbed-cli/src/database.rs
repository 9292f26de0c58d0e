//! Chooses the database of a command. This is the database that a variable names, else the `db` service of Docker
//! Compose, else the database on the local server of this checkout.

use std::process::Command;

use local_postgres::{LocalServer, Purpose, RunningServer, StartOutcome};
use seedbed_config::{ConnectError, DatabaseUrl, REDIRECTING_VARIABLES, Url};

use crate::cli_error::CliError;
use crate::connection;
use crate::output::print_message;
use crate::variables::{NamedDatabase, UrlSource, Variables};
use crate::workspace::Workspace;

/// The name of the development database on the local server. `make fresh-start` creates the database.
pub(crate) const DATABASE: &str = "seedbed_development";

/// The database that a command works on.
#[derive(Debug)]
pub(crate) enum Database {
    /// A database that a variable names, or the database of the Compose service.
    Named(NamedDatabase),
    /// The database on the local server, which is running.
    Local(RunningServer),
}

impl Database {
    /// Chooses the development database. Starts the local server if the database is on it.
    ///
    /// # Errors
    /// Fails in production unless `DATABASE_URL` is set in the environment itself, so that a deploy that forgot the
    /// variable does not succeed on another database.
    pub(crate) fn choose(workspace: &Workspace, variables: &Variables) -> anyhow::Result<Self> {
        if let Some(named) = variables.database() {
            return Ok(Self::Named(named));
        }
        let server = local_server(workspace, variables, Purpose::Development);
        start_local(&server, variables).map(Self::Local)
    }

    /// Chooses the server on which tests create their databases. Starts the local server for tests if it is chosen.
    ///
    /// # Errors
    /// Fails if `TEST_DATABASE_URL` names the development database.
    pub(crate) fn choose_for_tests(
        workspace: &Workspace,
        variables: &Variables,
    ) -> anyhow::Result<Self> {
        let Some(named) = variables.test_server() else {
            let server = local_server(workspace, variables, Purpose::Tests);
            return Ok(Self::Local(server.start(&mut print_message)?));
        };
        if variables.database().is_some_and(|development| development.url == named.url) {
            return Err(CliError::failure(
                "`TEST_DATABASE_URL` and `DATABASE_URL` name the same database",
                "set `TEST_DATABASE_URL` to the database `postgres` of a server for tests, or unset it",
            ));
        }
        let server = Self::Named(named);
        server.wait_for_service()?;
        Ok(server)
    }

    /// Waits until a Compose service answers, because Compose starts a service without waiting for it. The migrator
    /// waits by itself, but other programs need this call.
    pub(crate) fn wait_for_service(&self) -> anyhow::Result<()> {
        match self {
            Self::Named(named) => connection::wait_for_service(named),
            Self::Local(_) => Ok(()),
        }
    }

    /// Returns the URL of the named database, or on the local server the URL of the database `name`.
    pub(crate) fn url(&self, name: &str) -> Result<Url, ConnectError> {
        match self {
            Self::Named(named) => Url::parse(&named.url),
            // The variables of libpq do not redirect the connection.
            Self::Local(running) => Url::parse_of_own_server(&running.url(name)),
        }
    }

    /// Sets a variable of a program to the URL of the named database, or on the local server to the URL of the database
    /// `name`. For the local server, also removes the libpq variables that would redirect the connection.
    pub(crate) fn set_url_variable(&self, program: &mut Command, variable: &str, name: &str) {
        match self {
            Self::Named(named) => program.env(variable, &named.url),
            Self::Local(running) => {
                for redirecting in REDIRECTING_VARIABLES {
                    program.env_remove(redirecting);
                }
                program.env(variable, running.url(name))
            }
        };
    }

    /// Prints the chosen database on stderr, without user and password.
    pub(crate) fn announce(&self) {
        print_message(&match self {
            Self::Named(NamedDatabase { url, source: UrlSource::Variable(variable) }) => {
                format!("database: {} ({variable})", address(url))
            }
            Self::Named(NamedDatabase { url, source: UrlSource::DotEnv(variable) }) => {
                format!("database: {} ({variable} in .env)", address(url))
            }
            Self::Named(NamedDatabase { url, source: UrlSource::Service }) => {
                format!("database: {} (Docker Compose service)", address(url))
            }
            Self::Local(_) => format!("database: {DATABASE} (local server)"),
        });
    }

    /// Prints on stderr the server on which the tests create their databases.
    pub(crate) fn announce_for_tests(&self) {
        let server = match self {
            Self::Named(NamedDatabase { source: UrlSource::Service, .. }) => {
                "the test-db service of Docker Compose"
            }
            Self::Named(_) => "the server of TEST_DATABASE_URL",
            Self::Local(_) => "the local server for tests",
        };
        print_message(&format!("database: a new one for each test, on {server}"));
    }
}

/// Returns the local server of this checkout. Does not start it.
pub(crate) fn local_server(
    workspace: &Workspace,
    variables: &Variables,
    purpose: Purpose,
) -> LocalServer {
    LocalServer::new(workspace.root().join(".postgres"), purpose, variables.settings())
}

/// Starts the local server unless it is running, for a command that needs a database and names none.
pub(crate) fn start_local(
    server: &LocalServer,
    variables: &Variables,
) -> anyhow::Result<RunningServer> {
    if variables.is_production() {
        return Err(CliError::failure(
            "`DATABASE_URL` is not set, and there is no default database in production",
            "set `DATABASE_URL` in the environment, because `.env` is not read in production",
        ));
    }
    let running = server.start(&mut print_message)?;
    if running.start_outcome() == StartOutcome::Started {
        print_message(&format!("local server started (process {})", running.pid()));
    }
    Ok(running)
}

/// Returns the host, port and database of a URL, without user, password and parameters.
pub(crate) fn address(url: &str) -> String {
    DatabaseUrl::parse(url).map_or_else(|_| "a URL".to_owned(), |url| url.address())
}
