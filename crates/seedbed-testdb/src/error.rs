//! The error of a test database, and the hint that says how to correct it.

use std::io;

use sea_orm::DbErr;
use seedbed_config::EnvFileError;
use seedbed_engine::{ConnectError, SUPPORTED_VERSIONS};

use crate::server::{ADMIN_DATABASE, DEVELOPMENT_URL_VARIABLE, URL_VARIABLE};
use crate::sqlstate::{INSUFFICIENT_PRIVILEGE, has_sqlstate};

/// The result of a function that can fail with an [`Error`].
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// The reason why a test has no database, or why its database could not be released.
///
/// This type is not part of the public interface. A test that gets no database panics with [`Error::report`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The `.env` file cannot be read.
    #[error(transparent)]
    EnvFile(#[from] EnvFileError),
    /// The local server for tests cannot be started.
    #[error(transparent)]
    LocalServer(#[from] local_postgres::Error),
    /// A URL cannot be parsed.
    #[error("failed to parse {name}: {source}")]
    Url {
        /// The variable in backquotes, or a description of the URL.
        name: String,
        /// The problem with the URL.
        source: ConnectError,
    },
    /// The registry would be in the development database.
    #[error(
        "`{DEVELOPMENT_URL_VARIABLE}` names the database `{ADMIN_DATABASE}` on the server of \
         `{URL_VARIABLE}`, which would hold the registry of test databases"
    )]
    RegistryInDevelopmentDatabase,
    /// Both variables name the same database.
    #[error(
        "`{URL_VARIABLE}` names the development database, `{url}`, as `{DEVELOPMENT_URL_VARIABLE}` does"
    )]
    DevelopmentDatabase {
        /// The URL, without its password.
        url: String,
    },
    /// The URL names the local server for development.
    #[error("`{URL_VARIABLE}` names the local development server")]
    DevelopmentServer,
    /// The server does not answer.
    #[error("failed to connect to the test server `{server}`: {source}")]
    Unreachable {
        /// Host and port, or the socket.
        server: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The server is older than the oldest supported version.
    #[error(
        "PostgreSQL {major} is too old: {} to {} are supported",
        SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end()
    )]
    UnsupportedVersion {
        /// The server's major version.
        major: u32,
    },
    /// The manager's thread cannot be started.
    #[error("failed to start the thread that manages the test databases: {0}")]
    SpawnManager(#[source] io::Error),
    /// The manager's thread has ended, which a panic in the thread can cause.
    #[error("the thread that manages the test databases has stopped")]
    ManagerStopped,
    /// An empty database cannot be created.
    #[error("failed to create the database `{name}`: {source}")]
    CreateDatabase {
        /// The database.
        name: String,
        /// The error of the server.
        source: sqlx::Error,
    },
    /// A template cannot be cloned.
    #[error("failed to clone the template `{template}`: {source}")]
    CloneTemplate {
        /// The template.
        template: String,
        /// The error of the server.
        source: sqlx::Error,
    },
    /// The role cannot copy a setting of the template to its clone.
    #[error(
        "failed to copy the settings of the template to `{database}`: {source}\nstatement: {statement}"
    )]
    CopySettings {
        /// The clone.
        database: String,
        /// The statement that the server refused.
        statement: String,
        /// The error of the server.
        source: sqlx::Error,
    },
    /// The template is missing, although it was built a moment ago.
    #[error("the template `{template}` was dropped by another session before it could be cloned")]
    TemplateDropped {
        /// The template.
        template: String,
    },
    /// The snapshot of a template cannot be written as JSON, or cannot be read back.
    #[error("failed to read the snapshot of the template `{template}`: {source}")]
    TemplateSnapshot {
        /// The template.
        template: String,
        /// The error of the JSON library.
        source: serde_json::Error,
    },
    /// The engine cannot connect to the new template.
    #[error(transparent)]
    ConnectToTemplate(#[from] ConnectError),
    /// A migration or a seed fails in the new template.
    #[error(transparent)]
    Migrate(Box<seedbed_engine::Error>),
    /// Another process has reset or dropped the instance while a test used it.
    #[error(
        "another process has reset or dropped the database of the test, because the session that held \
         the liveness lock of this process was terminated; the test may have read data of another test"
    )]
    OwnershipLost,
    /// A test has committed in the instance that it shares with other tests.
    #[error(
        "the test ended the transaction of its `TestTransaction`, so its writes were committed"
    )]
    TransactionCommitted,
    /// A query of SeaORM failed.
    #[error(transparent)]
    Orm(#[from] DbErr),
    /// A query failed.
    #[error(transparent)]
    Query(#[from] sqlx::Error),
}

impl From<seedbed_engine::Error> for Error {
    fn from(error: seedbed_engine::Error) -> Self {
        Self::Migrate(Box::new(error))
    }
}

impl Error {
    /// Returns the hint that says how to correct the error, if there is one.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::EnvFile(error) => Some(error.hint().to_owned()),
            Self::LocalServer(error) => error.hint(),
            Self::Url { source, .. } | Self::ConnectToTemplate(source) => {
                source.hint().map(|hint| hint.to_string())
            }
            Self::Migrate(error) => error.hint().map(|hint| hint.to_string()),
            Self::RegistryInDevelopmentDatabase => {
                Some(format!("develop in another database, or unset `{URL_VARIABLE}`"))
            }
            Self::DevelopmentDatabase { .. } => Some(format!(
                "set `{URL_VARIABLE}` to the database `{ADMIN_DATABASE}` of a server for tests, or unset it"
            )),
            Self::DevelopmentServer => {
                Some(format!("unset `{URL_VARIABLE}`: tests have a local server of their own"))
            }
            Self::Unreachable { .. } => Some(format!(
                "start that server, or unset `{URL_VARIABLE}` to run the tests on a local server"
            )),
            Self::CopySettings { .. } => Some(format!(
                "grant the role of `{URL_VARIABLE}` the right to execute the statement, or use a superuser"
            )),
            Self::TransactionCommitted => Some(
                "create a database for a test that commits with `TestDatabase::new`".to_owned(),
            ),
            Self::CreateDatabase { source, .. }
            | Self::CloneTemplate { source, .. }
            | Self::Query(source) => has_sqlstate(source, INSUFFICIENT_PRIVILEGE).then(|| {
                format!(
                    "as an administrator, run `ALTER ROLE … CREATEDB; GRANT CREATE ON DATABASE \
                         {ADMIN_DATABASE} TO …;` for the role of `{URL_VARIABLE}`"
                )
            }),
            Self::UnsupportedVersion { .. } => {
                Some(format!("upgrade the server, or name another one in `{URL_VARIABLE}`"))
            }
            Self::TemplateDropped { .. } | Self::OwnershipLost => {
                Some("run the test again".to_owned())
            }
            Self::SpawnManager(_)
            | Self::ManagerStopped
            | Self::TemplateSnapshot { .. }
            | Self::Orm(_) => None,
        }
    }

    /// Returns the message, and the hint on a separate line.
    pub(crate) fn report(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{self}\nhint: {hint}"),
            None => self.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use test_support::assert_snapshot;

    use super::*;

    fn io() -> io::Error {
        io::Error::other("connection refused")
    }

    fn query() -> sqlx::Error {
        sqlx::Error::PoolTimedOut
    }

    /// Returns one error of each variant that has a message of its own.
    fn examples() -> Vec<Error> {
        let name = || "seedbed_test_1".to_owned();
        vec![
            Error::RegistryInDevelopmentDatabase,
            Error::DevelopmentDatabase { url: "shop at db:5432".to_owned() },
            Error::DevelopmentServer,
            Error::Unreachable { server: "db:5432".to_owned(), source: io() },
            Error::UnsupportedVersion { major: 12 },
            Error::SpawnManager(io()),
            Error::ManagerStopped,
            Error::CreateDatabase { name: name(), source: query() },
            Error::CloneTemplate { template: name(), source: query() },
            Error::CopySettings {
                database: name(),
                statement: "ALTER DATABASE x SET work_mem = '5MB'".to_owned(),
                source: query(),
            },
            Error::TemplateDropped { template: name() },
            Error::OwnershipLost,
            Error::TransactionCommitted,
        ]
    }

    #[test]
    fn a_report_is_the_message_and_the_hint_if_there_is_one() {
        let reports: Vec<String> = examples().iter().map(Error::report).collect();
        assert_snapshot!("reports", reports.join("\n\n"));
    }
}
