//! The time at which the commits of a run reach the disk.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::session::Session;

/// The time at which the commits of a run reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Each commit waits for the disk, as the server is configured.
    EachCommit,
    /// Only the end of the run waits for the disk. Until then, a crash of the server may lose the newest commits, but never a
    /// commit without all later ones. Used on an empty database, which has no data to lose.
    EndOfRun,
    /// No commit waits for the disk. Used on a temporary database, which ends with the command.
    NotNeeded,
}

/// The statements that wait until all earlier commits of the server are on disk. A commit waits for the disk only if
/// its transaction wrote to the write-ahead log, so this transaction writes a message there that nothing reads:
/// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION>.
const FLUSH: &str = "\
    BEGIN; \
    SET LOCAL synchronous_commit TO DEFAULT; \
    SELECT set_config('synchronous_commit', 'on', true) \
    WHERE current_setting('synchronous_commit') = 'off'; \
    SELECT pg_catalog.pg_logical_emit_message(true, 'seedbed', 'durable'); \
    COMMIT";

impl Durability {
    /// Returns the statement that configures the session for this durability.
    pub(crate) fn setting(self) -> Option<&'static str> {
        match self {
            Self::EachCommit => None,
            Self::EndOfRun | Self::NotNeeded => Some("SET synchronous_commit = off"),
        }
    }

    /// Returns the prefix of a statement whose commit has to wait for the disk in any case.
    pub(crate) fn synchronous_prefix(self) -> &'static str {
        match self {
            Self::EachCommit | Self::NotNeeded => "",
            Self::EndOfRun => "SET LOCAL synchronous_commit = on; ",
        }
    }
}

/// Waits until all commits of the session are on disk.
pub(crate) async fn flush(session: &Session) -> Result<(), sqlx::Error> {
    session.execute(FLUSH).await.map(drop)
}

/// Waits until all commits of the server are on disk, on another connection: all sessions share one write-ahead log.
pub(crate) async fn flush_by(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(FLUSH))).await.map(drop)
}
