//! Why a URL is refused.

use crate::parameters::understood;

/// Why a text is not the URL of a database that can be used. No message repeats the text, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The text is no URL of a PostgreSQL database.
    #[error("the database URL is malformed: {0}")]
    Malformed(String),
    /// The URL names several hosts or ports.
    #[error("the database URL names several servers, and a command works on one")]
    SeveralServers,
    /// A parameter that no program of Seedbed understands.
    #[error("the database URL has a parameter that is not understood: `{name}`")]
    UnknownParameter {
        /// The parameter.
        name: String,
    },
    /// A parameter that is understood has a value that is not, or contradicts another one.
    #[error("the database URL has a parameter that cannot be obeyed: `{name}` {reason}")]
    RefusedParameter {
        /// The parameter.
        name: String,
        /// Why it is refused, after its name.
        reason: String,
        /// What to write instead.
        hint: String,
    },
    /// A variable of libpq would change the server, the database or the schema, and is not obeyed.
    #[error("the environment variable `{name}` cannot be obeyed: it {reason}")]
    RefusedVariable {
        /// The variable.
        name: &'static str,
        /// Why it is refused.
        reason: String,
        /// What to do instead.
        hint: String,
    },
}

impl UrlError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Malformed(_) => "it looks like postgres://user:password@host:5432/database; \
                 characters such as @ : / ? # in a password are written as %40 %3A %2F %3F %23"
                .to_owned(),
            Self::SeveralServers => {
                "name one host and one port in DATABASE_URL, those of the primary server, such as \
                 postgres://user:password@host:5432/database"
                    .to_owned()
            }
            Self::UnknownParameter { .. } => format!(
                "remove it from the URL; a setting of PostgreSQL is written as \
                 `?options=-cNAME%3DVALUE`; understood are {}",
                understood()
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
