//! When the commits of a run reach the disk.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::session::Session;

/// When the commits of a run reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// At each commit, as the server is configured.
    EachCommit,
    /// At the end of the run. Until then a crash of the server may lose the newest commits, but never one without all that
    /// came after it. For an empty database, which had nothing that could be lost.
    EndOfRun,
}

/// Waits until all earlier commits of the server are on disk. A commit waits for the disk only if its transaction has
/// written to the log of the server, so this one writes a message there, which nothing reads:
/// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION>.
const FLUSH: &str = "\
    BEGIN; \
    SELECT set_config('synchronous_commit', \
      CASE reset_val WHEN 'off' THEN 'on' ELSE reset_val END, true) \
    FROM pg_catalog.pg_settings WHERE name = 'synchronous_commit'; \
    SELECT pg_catalog.pg_logical_emit_message(true, 'seedbed', 'durable'); \
    COMMIT";

impl Durability {
    /// The statement that a session needs for it.
    pub(crate) fn setting(self) -> Option<&'static str> {
        match self {
            Self::EachCommit => None,
            Self::EndOfRun => Some("SET synchronous_commit = off"),
        }
    }

    /// What goes before a statement, in one message with it, whose commit has to wait for the disk all the same.
    pub(crate) fn synchronous_prefix(self) -> &'static str {
        match self {
            Self::EachCommit => "",
            Self::EndOfRun => "SET LOCAL synchronous_commit = on; ",
        }
    }
}

/// Waits until all that the session has committed is on disk.
pub(crate) async fn flush(session: &Session) -> Result<(), sqlx::Error> {
    session.execute(FLUSH).await.map(drop)
}

/// The same by another connection to the same server: all sessions share its log.
pub(crate) async fn flush_by(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(FLUSH))).await.map(drop)
}
