//! Refuses a server or a session that accepts no changes.

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::connect::SessionOptions;
use crate::error::Error;

/// The changes that a session accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteAccess {
    /// The session accepts changes.
    ReadWrite,
    /// The transactions of the session are read-only by default.
    ReadOnly,
    /// The server is a standby, which only reads.
    Standby,
}

impl WriteAccess {
    /// The columns that [`from_row`](Self::from_row) reads.
    pub(crate) const COLUMNS: &str = "pg_is_in_recovery() AS is_standby, \
        current_setting('transaction_read_only')::bool AS is_read_only";

    /// Reads the value from a row that has [`COLUMNS`](Self::COLUMNS).
    pub(crate) fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(match (row.try_get("is_standby")?, row.try_get("is_read_only")?) {
            (true, _) => Self::Standby,
            (false, true) => Self::ReadOnly,
            (false, false) => Self::ReadWrite,
        })
    }

    /// Fails if the session accepts no changes.
    pub(crate) fn ensure_read_write(self, options: &SessionOptions) -> Result<(), Error> {
        match self {
            Self::ReadWrite => Ok(()),
            Self::ReadOnly => Err(Error::ReadOnly {
                role: options.url.user().to_owned(),
                database: options.url.database().to_owned(),
            }),
            Self::Standby => Err(Error::Standby { server: options.url.server() }),
        }
    }
}
