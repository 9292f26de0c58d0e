//! The error of this crate.

use sqlx::postgres::PgDatabaseError;

/// The reason why a schema could not be read, or a script could not be executed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection is in a transaction that belongs to the caller.
    #[error("failed to read the catalog: the connection already has an open transaction")]
    InTransaction,
    /// The server rejected a query of the catalog.
    #[error("failed to read {objects} from the catalog: {}{}", reason(.source), detail(.source))]
    Read {
        /// The objects that were to be read from the catalog.
        objects: &'static str,
        /// The server's error.
        source: sqlx::Error,
    },
    /// The file contains a command of `psql`, and was not executed.
    #[error("failed to load the schema: `\\{command}` is a `psql` command, not SQL (line {line})")]
    PsqlCommand {
        /// The line of the file.
        line: usize,
        /// The command, without its backslash.
        command: String,
    },
    /// The file contains rows of a table, and was not executed.
    #[error(
        "failed to load the schema: the file has rows of `{table}` (line {line}), but a schema file must contain no data"
    )]
    Rows {
        /// The line of the file.
        line: usize,
        /// The name of the table as the script writes it.
        table: String,
    },
    /// A statement of the file failed, and all statements of the file were rolled back.
    #[error("failed to load the schema: {}{}{}", reason(.source), near(.line), detail(.source))]
    Execute {
        /// The line of the file, if the server reported a position.
        line: Option<usize>,
        /// The server's error.
        source: sqlx::Error,
    },
}

/// Returns the server's message, without the location in PostgreSQL's source code that the driver adds to it.
fn reason(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(database) => database.message().to_owned(),
        None => error.to_string(),
    }
}

/// Returns the server's detail on a line of its own.
fn detail(error: &sqlx::Error) -> String {
    let database = error.as_database_error();
    let database = database.and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let detail = database.and_then(PgDatabaseError::detail);
    detail.map(|detail| format!("\n  detail: {detail}")).unwrap_or_default()
}

/// Returns the line of the script in parentheses.
fn near(line: &Option<usize>) -> String {
    line.map(|line| format!(" (line {line})")).unwrap_or_default()
}

impl Error {
    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let source = match self {
            Self::InTransaction => {
                return Some(
                    "commit the open transaction first, or use another connection".to_owned(),
                );
            }
            Self::PsqlCommand { .. } => return Some("remove the line from the file".to_owned()),
            Self::Rows { .. } => {
                return Some("write the file with `pg_dump --schema-only`".to_owned());
            }
            Self::Read { source, .. } | Self::Execute { source, .. } => source,
        };
        let database = source.as_database_error()?;
        let hint = match (self, database.code()?.as_ref()) {
            (Self::Read { .. }, "42501") => "reading the catalog only needs the CONNECT privilege",
            (Self::Read { .. }, "XX000" | "42P01" | "42883") => {
                "the schema may have changed at the same time: try again"
            }
            (Self::Read { .. }, "22021") => {
                "correct the text that is not valid UTF-8: a database with the encoding SQL_ASCII accepts any bytes"
            }
            (Self::Execute { .. }, "42704") if database.message().contains("parameter") => {
                "a newer version of PostgreSQL wrote the file: remove the line with this setting, or use a \
                 server of that version"
            }
            (Self::Execute { .. }, "42704") if database.message().starts_with("role") => {
                "roles belong to the server, not to a database: create the role there first"
            }
            (Self::Execute { .. }, "0A000" | "58P01")
                if database.message().contains("extension") =>
            {
                "install the package of that extension on the server"
            }
            (Self::Execute { .. }, "P0001") if database.message().contains("create extension") => {
                "compare two databases by their URLs, because a file is loaded into a temporary database, and some \
                 extensions are allowed in one database only"
            }
            (Self::Execute { .. }, "42P06" | "42P07" | "42710" | "42723") => {
                "load the schema into an empty database"
            }
            _ => {
                let database = database.try_downcast_ref::<PgDatabaseError>()?;
                return database.hint().map(str::to_owned);
            }
        };
        Some(hint.to_owned())
    }
}
