//! What can go wrong, and what to do about it.

/// Why a catalogue could not be read or loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection is in a transaction, whose end is not ours to decide.
    #[error("the connection is in a transaction already; the catalogue is read in one of its own")]
    InTransaction,
    /// The server refused a query of ours.
    #[error("could not read {what} from the catalogue: {}", reason(.source))]
    Read {
        /// What was read.
        what: &'static str,
        /// What the server said.
        source: sqlx::Error,
    },
    /// A statement of a schema file failed; nothing of the file was kept.
    #[error("could not load the schema: {}{}", reason(.source), near(.line))]
    Load {
        /// The line of the file, if the server told a position.
        line: Option<usize>,
        /// What the server said.
        source: sqlx::Error,
    },
}

/// The server's message alone: the driver adds a line of PostgreSQL's own source.
fn reason(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(database) => database.message().to_owned(),
        None => error.to_string(),
    }
}

fn near(line: &Option<usize>) -> String {
    line.map(|line| format!(" (line {line})")).unwrap_or_default()
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let (Self::Read { source, .. } | Self::Load { source, .. }) = self else {
            return Some(
                "commit the open transaction first, or take another connection".to_owned(),
            );
        };
        let database = source.as_database_error()?;
        let hint = match (self, database.code()?.as_ref()) {
            (Self::Read { .. }, "42501") => "reading the catalogue needs no more than CONNECT",
            (Self::Read { .. }, "XX000" | "42P01" | "42883") => {
                "somebody may have changed the schema at this moment: try again"
            }
            (Self::Load { .. }, "42704") if database.message().starts_with("role") => {
                "roles belong to the server and not to a database: CREATE ROLE it there"
            }
            (Self::Load { .. }, "0A000" | "58P01") if database.message().contains("extension") => {
                "the server needs the package of that extension"
            }
            (Self::Load { .. }, "42P06" | "42P07" | "42710" | "42723") => {
                "a schema is loaded into an empty database"
            }
            (Self::Load { .. }, "42601") => {
                "psql's own commands, which begin with a backslash, are no SQL"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
