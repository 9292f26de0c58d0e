//! A connection to the database of a command.
//!
//! `seedbed` does one thing at a time, so a connection brings its own runtime, and its functions block.

use std::time::Duration;

use local_postgres::{Purpose, RunningServer, ServerStatus};
use seedbed_config::{
    ConnectError, Hint, Url, connect_within, ensure_supported, ensure_target_session, reason,
    retry_until_ready, server_hint, untested_message,
};
use seedbed_schema::{DatabaseSchema, ReadOptions};
use sqlx::postgres::{PgDatabaseError, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, PgConnection};
use tokio::runtime::{Builder, Runtime};

use crate::cli_error::CliError;
use crate::database::{self, Database};
use crate::output::print_message;
use crate::variables::{NamedDatabase, UrlSource, Variables};
use crate::workspace::Workspace;

/// The time to wait for a Compose service. A server that starts for the first time initializes its cluster.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(60);

/// The time that a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time that a server may take if the command can do without it.
const OPTIONAL_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// An open connection, with the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Connection {
    runtime: Runtime,
    connection: PgConnection,
}

impl Connection {
    /// Connects to the database. Waits for a Compose service.
    ///
    /// # Errors
    /// Fails if the database does not answer. `alternative` is the part of the hint that says what to do without the
    /// database.
    pub(crate) fn open(database: &Database, alternative: &Hint) -> anyhow::Result<Self> {
        let opened = match database {
            Database::Named(named) if named.source == UrlSource::Service => {
                Url::parse(&named.url).and_then(|url| open_service(&url))
            }
            Database::Named(named) => {
                Url::parse(&named.url).and_then(|url| open(&url, CONNECT_TIMEOUT))
            }
            Database::Local(running) => open_local(running, CONNECT_TIMEOUT),
        };
        opened.map_err(|error| {
            let hint = hint(&error).then("; ").then_hint(alternative.clone());
            CliError::failure(error.to_string(), hint)
        })
    }

    /// Connects to the development database if a variable names it, or if the local server is running and has it. Starts no
    /// server.
    ///
    /// # Errors
    /// Fails if the database does not answer.
    pub(crate) fn open_if_running(
        workspace: &Workspace,
        variables: &Variables,
    ) -> anyhow::Result<Option<Self>> {
        if let Some(named) = variables.database() {
            return Ok(Some(open(&Url::parse(&named.url)?, OPTIONAL_CONNECT_TIMEOUT)?));
        }
        let server = database::local_server(workspace, variables, Purpose::Development);
        let ServerStatus::Running(running) = server.status()? else {
            return Ok(None);
        };
        match open_local(&running, OPTIONAL_CONNECT_TIMEOUT) {
            Err(ConnectError::NoDatabase { .. }) => Ok(None),
            opened => Ok(Some(opened?)),
        }
    }

    /// Connects to the database that a URL names.
    ///
    /// # Errors
    /// Fails if the URL is not valid, or if the database does not answer.
    pub(crate) fn to_url(url: &str) -> Result<Self, ConnectError> {
        open(&Url::parse(url)?, CONNECT_TIMEOUT)
    }

    /// Reads the schema of the database.
    ///
    /// # Errors
    /// Fails if the server refuses a query, or if the schema changes while it is read.
    pub(crate) fn read_schema(
        &mut self,
        options: &ReadOptions,
    ) -> Result<DatabaseSchema, seedbed_schema::Error> {
        self.runtime.block_on(DatabaseSchema::read(&mut self.connection, options))
    }

    /// Executes statements in one round trip without preparing them, because there may be a pooler.
    pub(crate) fn execute(&mut self, sql: impl Into<String>) -> Result<(), sqlx::Error> {
        self.rows(sql).map(drop)
    }

    /// Executes statements as [`execute`](Self::execute) does, and returns all their rows.
    pub(crate) fn rows(&mut self, sql: impl Into<String>) -> Result<Vec<PgRow>, sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.into()));
        self.runtime.block_on(self.connection.fetch_all(sql))
    }

    /// Executes statements as [`execute`](Self::execute) does, and returns their first row.
    pub(crate) fn row(&mut self, sql: impl Into<String>) -> Result<PgRow, sqlx::Error> {
        self.rows(sql)?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }
}

/// Waits until a Compose service answers, because Compose starts a service without waiting for it. Returns immediately
/// for every other database.
///
/// # Errors
/// Fails with the last error if the server does not accept a connection within a minute.
pub(crate) fn wait_for_service(named: &NamedDatabase) -> anyhow::Result<()> {
    if named.source != UrlSource::Service {
        return Ok(());
    }
    let opened = Url::parse(&named.url).and_then(|url| open_service(&url));
    opened.map(drop).map_err(|error| CliError::failure(error.to_string(), hint(&error)))
}

/// Returns whether the local server has the development database. Returns true if the server reports another error,
/// because the program that connects next prints the same error.
pub(crate) fn has_development_database(running: &RunningServer) -> bool {
    !matches!(open_local(running, CONNECT_TIMEOUT), Err(ConnectError::NoDatabase { .. }))
}

/// The fields of the server's message about a failed statement.
#[derive(Debug)]
pub(crate) struct ServerMessage {
    /// The message, followed by the detail if there is one.
    pub(crate) text: String,
    /// The hint of the server itself.
    pub(crate) hint: Option<String>,
}

impl ServerMessage {
    pub(crate) fn new(error: &sqlx::Error) -> Self {
        let database = error.as_database_error().and_then(|error| error.try_downcast_ref());
        let Some(database): Option<&PgDatabaseError> = database else {
            return Self { text: reason(error), hint: None };
        };
        let detail = database.detail().map(|detail| format!("\n  detail: {detail}"));
        let text = format!("{}{}", database.message(), detail.unwrap_or_default());
        Self { text, hint: server_hint(database) }
    }

    /// Adds the hint of the server to another hint.
    pub(crate) fn with_hint(&self, hint: Hint) -> Hint {
        match &self.hint {
            Some(more) => hint.then(format!("\nhint from PostgreSQL: {more}")),
            None => hint,
        }
    }
}

fn hint(error: &ConnectError) -> Hint {
    let specific = match error {
        // The hint of this error names a flag of the migrator.
        ConnectError::Unreachable { .. } => None,
        error => error.hint(),
    };
    specific.unwrap_or_else(|| {
        Hint::text(
            "check that the server is running, and that the host and the port in `DATABASE_URL` are correct",
        )
    })
}

/// Connects to the development database on the local server.
fn open_local(running: &RunningServer, timeout: Duration) -> Result<Connection, ConnectError> {
    open(&Url::parse_of_own_server(&running.url(database::DATABASE))?, timeout)
}

/// Connects to a Compose service. Prints the reason while it waits.
fn open_service(url: &Url) -> Result<Connection, ConnectError> {
    let server = url.server();
    let on_wait = |reason: &str| print_message(&format!("waiting for {server}: {reason}"));
    open_with(url, async |url| {
        let connect = async || url.driver_options().connect().await;
        retry_until_ready(url, SERVICE_TIMEOUT, on_wait, connect).await
    })
}

fn open(url: &Url, timeout: Duration) -> Result<Connection, ConnectError> {
    open_with(url, async |url| connect_within(url, timeout).await)
}

fn open_with(
    url: &Url,
    connect: impl AsyncFnOnce(&Url) -> Result<PgConnection, ConnectError>,
) -> Result<Connection, ConnectError> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ConnectError::Other { server: url.server(), reason: error.to_string() })?;
    let connection = runtime.block_on(async {
        let mut connection = connect(url).await?;
        if let Some(major) = ensure_supported(url, connection.server_version_num())? {
            print_message(&format!("warning: {}", untested_message(major)));
        }
        ensure_target_session(&mut connection, url).await?;
        Ok::<_, ConnectError>(connection)
    })?;
    Ok(Connection { runtime, connection })
}
