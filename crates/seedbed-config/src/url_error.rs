//! The errors of parsing a database URL.

use crate::parameters::supported_names;

/// The reason why a database URL is refused. No message repeats the URL, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The text is not the URL of a PostgreSQL database.
    #[error("the database URL is malformed: {0}")]
    Malformed(String),
    /// The URL names several hosts or ports.
    #[error("the database URL names several servers, but a command connects to only one")]
    MultipleServers,
    /// The URL has a parameter that Seedbed does not know.
    #[error("the database URL has an unknown parameter: `{name}`")]
    UnknownParameter {
        /// The name of the parameter.
        name: String,
    },
    /// The value of a parameter is not supported, or contradicts another parameter.
    #[error("the parameter `{name}` of the database URL {reason}")]
    RefusedParameter {
        /// The name of the parameter.
        name: String,
        /// The reason why the parameter is refused, as a clause that follows the name.
        reason: String,
        /// The hint that says how to correct the error.
        hint: String,
    },
    /// A libpq variable would select another server, database or schema, and is not supported.
    #[error("the value of the environment variable `{name}` is not supported: it {reason}")]
    RefusedVariable {
        /// The name of the variable.
        name: &'static str,
        /// The reason why the variable is refused, as a clause that follows "it".
        reason: String,
        /// The hint that says how to correct the error.
        hint: String,
    },
}

impl UrlError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Malformed(_) => "write `postgres://user:password@host:5432/database`; \
                 encode the characters @ : / ? # in a password as %40 %3A %2F %3F %23"
                .to_owned(),
            Self::MultipleServers => {
                "name only the host and the port of the primary server in `DATABASE_URL`, such as \
                 `postgres://user:password@host:5432/database`"
                    .to_owned()
            }
            Self::UnknownParameter { .. } => format!(
                "remove the parameter, or write a setting of PostgreSQL as `?options=-cNAME%3DVALUE`; \
                 supported parameters: {}",
                supported_names()
            ),
            Self::RefusedParameter { hint, .. } | Self::RefusedVariable { hint, .. } => {
                hint.clone()
            }
        }
    }

    pub(crate) fn malformed(reason: &str) -> Self {
        Self::Malformed(reason.to_owned())
    }
}
