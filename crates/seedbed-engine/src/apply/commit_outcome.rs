//! Finds out the outcome of a transaction whose COMMIT was not answered.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use super::Apply;
use crate::connect;
use crate::direction::Direction;
use crate::error::Error;
use crate::history::applied_names;
use crate::plan::Step;

/// The outcome of a transaction whose COMMIT was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommitOutcome {
    /// The transaction was committed.
    Committed,
    /// The transaction was rolled back.
    RolledBack,
    /// The server does not answer.
    Unknown,
}

impl Apply<'_> {
    /// Returns whether the transaction, which has ended, was committed. Asks on the session itself.
    pub(super) async fn is_committed(&self, id: &str) -> Result<bool, Error> {
        let doing = "ask what became of the transaction";
        let sql = format!("SELECT coalesce(pg_xact_status('{id}') = 'committed', false) AS is");
        let row = self.session.row(sql).await.map_err(Error::database(doing))?;
        row.try_get("is").map_err(Error::database(doing))
    }

    /// Returns the outcome of the transaction that was to record this step. Asks on a new connection, since the session is
    /// lost. Waits for the server as long as the options allow, unless the run is cancelled.
    pub(super) async fn commit_outcome(&self, id: &str, step: &Step) -> CommitOutcome {
        let asked =
            self.cancellation.run_until_cancelled(self.query_commit_outcome(id, step)).await;
        asked.ok().flatten().unwrap_or(CommitOutcome::Unknown)
    }

    async fn query_commit_outcome(&self, id: &str, step: &Step) -> Option<CommitOutcome> {
        let options = &self.session.options;
        let mut connection = connect::connection(options, self.events).await.ok()?;
        let started_at = Instant::now();
        let status = loop {
            let status = transaction_status(&mut connection, id).await?;
            if status != TransactionStatus::InProgress {
                break status;
            }
            // The server has not noticed yet that we are gone.
            if started_at.elapsed() >= options.wait {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        // It takes both: another runner may have done the step meanwhile, since the lock went with the session;
        // and a server that crashed may give the transaction's number away once more.
        let applied = applied_names(&mut connection, self.tables, step.kind).await.ok()?;
        let is_expected_applied = step.direction == Direction::Up;
        let committed = status == TransactionStatus::Ended
            && applied.contains(&step.name) == is_expected_applied;
        // The answer is there; how this connection ends does not matter.
        let _ = connection.close().await;
        Some(if committed { CommitOutcome::Committed } else { CommitOutcome::RolledBack })
    }
}

/// The state of a transaction as the server reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TransactionStatus {
    InProgress,
    RolledBack,
    /// The transaction was committed, or the server no longer knows it.
    Ended,
}

/// Asks the server for the state of a transaction. An id that the server has never assigned was lost in a crash, and the
/// transaction with it.
async fn transaction_status(connection: &mut PgConnection, id: &str) -> Option<TransactionStatus> {
    let sql = format!("SELECT coalesce(pg_xact_status('{id}'), '') AS status");
    match connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql))).await {
        Ok(row) => Some(match row.try_get("status").ok()? {
            "in progress" => TransactionStatus::InProgress,
            "aborted" => TransactionStatus::RolledBack,
            _ => TransactionStatus::Ended,
        }),
        Err(sqlx::Error::Database(_)) => Some(TransactionStatus::RolledBack),
        Err(_) => None,
    }
}
