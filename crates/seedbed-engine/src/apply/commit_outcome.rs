//! Finds out the outcome of a transaction whose COMMIT was not answered.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use super::Apply;
use crate::connect;
use crate::error::Error;
use crate::history_store::recorded_by;
use crate::plan::Step;

/// The outcome of a transaction whose COMMIT was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommitOutcome {
    /// The transaction was committed.
    Committed,
    /// The transaction was rolled back.
    RolledBack,
    /// The outcome is not known: the server could not be queried, the transaction did not end in time, or the run was
    /// canceled.
    Unknown,
}

impl Apply<'_> {
    /// Returns whether the transaction with the given id was committed. The transaction must have ended. The query runs
    /// in the session of the run.
    pub(super) async fn is_committed(&self, id: &str) -> Result<bool, Error> {
        let doing = "read the outcome of the transaction";
        let sql =
            format!("SELECT coalesce(pg_xact_status('{id}') = 'committed', false) AS is_committed");
        let row = self.session.row(sql).await.map_err(Error::database(doing))?;
        row.try_get("is_committed").map_err(Error::database(doing))
    }

    /// Returns the outcome of the transaction that should have recorded this step. Opens a new connection, since the
    /// session is lost. Waits for the server as long as the options allow, unless the run is canceled.
    pub(super) async fn commit_outcome(&self, id: &str, step: &Step) -> CommitOutcome {
        let outcome =
            self.cancellation.run_until_canceled(self.query_commit_outcome(id, step)).await;
        outcome.ok().flatten().unwrap_or(CommitOutcome::Unknown)
    }

    /// Returns the outcome, or `None` if the server cannot be queried or the transaction does not end within the wait.
    async fn query_commit_outcome(&self, id: &str, step: &Step) -> Option<CommitOutcome> {
        let options = &self.session.options;
        let mut connection = connect::connection(options, self.events).await.ok()?;
        let started_at = Instant::now();
        // The server may not have noticed yet that the session is gone.
        while is_in_progress(&mut connection, id).await? {
            if started_at.elapsed() >= options.wait {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Only the entries of this session in the log show the outcome. The id of the transaction does not, because a
        // server that crashed may assign the same id again. Nor does the history: the lock was released with the
        // session, so another runner may have run the step in the meantime.
        let recorded = recorded_by(self.session.mark, &mut connection, self.tables).await.ok()?;
        let committed = recorded.contains(&(step.kind, step.name.clone(), step.direction));
        // The answer is known, so an error while this connection closes does not matter.
        let _ = connection.close().await;
        Some(if committed { CommitOutcome::Committed } else { CommitOutcome::RolledBack })
    }
}

/// Returns whether the transaction has not ended yet, or `None` if the connection fails. If the server does not know
/// the id, a crash has lost both the id and the transaction.
async fn is_in_progress(connection: &mut PgConnection, id: &str) -> Option<bool> {
    let sql = format!("SELECT coalesce(pg_xact_status('{id}') = 'in progress', false)");
    match connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql))).await {
        Ok(row) => row.try_get(0).ok(),
        Err(sqlx::Error::Database(_)) => Some(false),
        Err(_) => None,
    }
}
