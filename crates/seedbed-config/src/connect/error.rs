//! The errors of connecting, and their hints.

use std::time::Duration;

use seedbed_sql::quote_ident_if_needed;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::{SUPPORTED_VERSIONS, Url};
use crate::{Hint, SuggestedCommand, UrlError};

/// The reason why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL cannot be used.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// No server answered in time.
    #[error("no PostgreSQL server answers at `{server}` after {waited:.0?}: {reason}")]
    Unreachable {
        /// Host and port, or the socket.
        server: String,
        /// The time that the program waited.
        waited: Duration,
        /// The error of the last attempt.
        reason: String,
    },
    /// The server has no such database.
    #[error("the database `{database}` does not exist at `{server}`")]
    NoDatabase {
        /// The name in the URL.
        database: String,
        /// Host and port, or the socket.
        server: String,
    },
    /// The server refuses the role.
    #[error("the server at `{server}` refuses the role `{user}`: {reason}")]
    Refused {
        /// Host and port, or the socket.
        server: String,
        /// The name in the URL.
        user: String,
        /// The message of the server.
        reason: String,
    },
    /// The role may not connect to the database.
    #[error("the role `{user}` may not connect to the database `{database}`: {reason}")]
    NoConnectRight {
        /// The name in the URL.
        user: String,
        /// The name in the URL.
        database: String,
        /// The message of the server.
        reason: String,
    },
    /// The role that connects may not assume the role that is to run all statements.
    #[error("the role `{user}` cannot act as the role `{role}`: {reason}")]
    Role {
        /// The role that connects.
        user: String,
        /// The role to assume.
        role: String,
        /// The message of the server.
        reason: String,
        /// The statement that allows this.
        grant: String,
    },
    /// The server or its sessions do not match `target_session_attrs` in the URL.
    #[error("the server at `{server}` {reason}")]
    TargetSession {
        /// Host and port, or the socket.
        server: String,
        /// The state of the server, and what the URL requires.
        reason: &'static str,
    },
    /// The TLS connection could not be established.
    #[error("failed to open a TLS connection to `{server}`: {reason}")]
    Tls {
        /// Host and port.
        server: String,
        /// The error of the handshake.
        reason: String,
    },
    /// The server is older than the supported versions.
    #[error(
        "PostgreSQL {version} at `{server}` is too old: {} to {} are supported",
        SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end()
    )]
    TooOld {
        /// Host and port, or the socket.
        server: String,
        /// The version of the server.
        version: String,
    },
    /// Any other error.
    #[error("failed to connect to `{server}`: {reason}")]
    Other {
        /// Host and port, or the socket.
        server: String,
        /// The message of the driver.
        reason: String,
    },
}

impl ConnectError {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Url(error) => error.hint().into(),
            Self::NoDatabase { database, .. } => Hint::text("create the database with ")
                .then_command(SuggestedCommand::FreshStart)
                .then(format!(" or `CREATE DATABASE {};`", quote_ident_if_needed(database))),
            Self::NoConnectRight { user, database, .. } => format!(
                "as an administrator, run `GRANT CONNECT ON DATABASE {} TO {};`",
                quote_ident_if_needed(database),
                quote_ident_if_needed(user)
            )
            .into(),
            Self::Role { grant, .. } => format!("as an administrator, run `{grant}`").into(),
            _ => self.text_hint()?.into(),
        })
    }

    /// Returns the hint of an error whose hint is always the same text.
    fn text_hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unreachable { .. } => {
                "check that the server is running and that the host in `DATABASE_URL` is correct; to wait longer, add `--wait 60s`"
            }
            Self::Refused { reason, .. } if reason.contains("no encryption") => {
                "the server may require TLS: add `sslmode=require` to the URL"
            }
            Self::Refused { reason, .. } if reason.contains("pg_hba.conf") => {
                "allow this user from this address in the `pg_hba.conf` of the server"
            }
            Self::Refused { .. } => "check the user and the password in `DATABASE_URL`",
            Self::TargetSession { .. } => {
                "set `DATABASE_URL` to the primary server, or remove `target_session_attrs` from it"
            }
            Self::Tls { reason, .. } if reason.contains("does not support TLS") => {
                "write `sslmode=prefer` in the URL to connect without TLS if the server does not support it"
            }
            Self::Tls { .. } => {
                "write `sslrootcert=FILE` in the URL, with the certificate of the authority that signed the \
                 server's certificate; `sslmode=verify-full` also requires a certificate for the host in the URL"
            }
            Self::TooOld { .. } => "upgrade the server, or set `DATABASE_URL` to another one",
            _ => return None,
        })
    }

    pub(crate) fn new(url: &Url, error: &sqlx::Error, waited: Option<Duration>) -> Self {
        let server = url.server();
        let reason = reason(error);
        if let Some(database) = error.as_database_error() {
            return match database.code().as_deref() {
                Some("3D000") => Self::NoDatabase { database: url.database().to_owned(), server },
                Some(code) if code.starts_with("28") => {
                    Self::Refused { server, user: url.user().to_owned(), reason }
                }
                Some(INSUFFICIENT_PRIVILEGE) if is_about_database(database) => {
                    Self::NoConnectRight {
                        user: url.user().to_owned(),
                        database: url.database().to_owned(),
                        reason,
                    }
                }
                _ => Self::Other { server, reason },
            };
        }
        match (error, waited) {
            _ if is_tls_file(url, error) => Self::Tls {
                server,
                reason: format!(
                    "failed to read a file of `sslrootcert`, `sslcert` or `sslkey`: {reason}"
                ),
            },
            _ if is_tls(error) => Self::Tls { server, reason },
            (_, Some(waited)) => Self::Unreachable { server, waited, reason },
            _ => Self::Other { server, reason },
        }
    }
}

const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Returns whether the server denied the right to connect to the database. Setting an option that the role may not set
/// has the same SQLSTATE, and the server translates the message, so the name of the C function in the error
/// distinguishes the two.
fn is_about_database(error: &(dyn DatabaseError + 'static)) -> bool {
    let error = error.try_downcast_ref::<PgDatabaseError>();
    error.is_some_and(|error| error.routine() == Some("CheckMyDatabase"))
}

/// Returns the innermost message of the error, which is the most specific one.
#[must_use]
pub fn reason(error: &sqlx::Error) -> String {
    if let Some(database) = error.as_database_error() {
        return database.message().to_owned();
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Returns the hint of the server, unless following it would destroy other data: `DROP … CASCADE`, dropping the
/// extension that owns an object, or `TRUNCATE … CASCADE`. A hint never costs data.
#[must_use]
pub fn server_hint(error: &PgDatabaseError) -> Option<String> {
    const DEPENDENT_OBJECTS_STILL_EXIST: &str = "2BP01";
    // The author of a script has written the hint of a RAISE.
    let is_raised = error.routine() == Some("exec_stmt_raise");
    let is_harmless = |hint: &&str| {
        // The server translates its hints, but not their keywords.
        is_raised || (error.code() != DEPENDENT_OBJECTS_STILL_EXIST && !hint.contains("CASCADE"))
    };
    error.hint().filter(is_harmless).map(str::to_owned)
}

/// Returns whether the error is a TLS error. A refused certificate of the server is an I/O error, since the driver
/// refuses the certificate while it reads.
pub(super) fn is_tls(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    }
}

/// Returns whether a file with a certificate or a key could not be read. If the URL has a host and port, only such a
/// file causes an error such as "not found" or "permission denied". If the URL has a socket, a missing socket causes
/// these errors too, so the function returns false.
pub(super) fn is_tls_file(url: &Url, error: &sqlx::Error) -> bool {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound, PermissionDenied};
    let sqlx::Error::Io(error) = error else {
        return false;
    };
    url.socket().is_none()
        && matches!(error.kind(), NotFound | PermissionDenied | IsADirectory | NotADirectory)
}
