//! Runs `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`, which works in two transactions.

use std::sync::atomic::{AtomicBool, Ordering};

use seedbed_sql::{SqlName, quote_literal};
use sqlx::Row as _;

use super::ConcurrentRunner;
use crate::concurrent_statement::LoggedStatement;
use crate::event::Event;
use crate::retry::{AttemptError, retry_on_lock};

impl ConcurrentRunner<'_> {
    /// Detaches a partition. Returns `None` if an earlier run of the script has detached the partition.
    ///
    /// The first phase blocks no other session; the second one takes ACCESS EXCLUSIVE on the partition. For this
    /// reason, the statement runs with the lock timeout, and continues with FINALIZE if the second phase timed out, or
    /// if an earlier run of the script was killed in it. If another session has begun to detach the partition, the
    /// statement is sent, and the server refuses it.
    pub(super) async fn detach<T, F>(
        &self,
        table: &SqlName,
        partition: &SqlName,
        send: impl Fn() -> F,
    ) -> Result<Option<T>, sqlx::Error>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let current = self.partition_state(table, partition).await?;
        let statement = LoggedStatement::Detach {
            partition: partition.to_string(),
            resolved: self.resolve(partition).await?,
            existed: current.is_attached,
            pending: current.is_pending,
        };
        let logged = self.logged_by_earlier_runs(&statement).await?;
        let was_begun = match logged.last().and_then(PartitionState::from_logged) {
            // The earlier run detached the partition, or a user did.
            Some(earlier) if earlier.is_attached && !current.is_attached => return Ok(None),
            // No other session had begun to detach the partition before the earlier run, so if a detach has begun, the
            // earlier run began it.
            Some(earlier) if earlier.is_attached && !earlier.is_pending => true,
            // The entry of the earlier run still describes the state.
            Some(earlier) if earlier == current => false,
            _ => {
                self.log_statement(&statement).await?;
                false
            }
        };
        let finalize = format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE");
        // The first attempt can find its own detach pending only if an earlier run has begun it. Every later attempt can.
        let may_be_pending = AtomicBool::new(was_begun);
        let attempt = || async {
            let is_pending = may_be_pending.swap(true, Ordering::Relaxed) && {
                let state = self.partition_state(table, partition).await;
                state.map_err(AttemptError::Permanent)?.is_pending
            };
            let result = if is_pending {
                self.monitor.report(&Event::Statement { sql: &finalize });
                self.session().execute(finalize.as_str()).await.map(|_| None)
            } else {
                send().await.map(Some)
            };
            result.map_err(AttemptError::from_error)
        };
        retry_on_lock(self.monitor, attempt).await
    }

    async fn partition_state(
        &self,
        table: &SqlName,
        partition: &SqlName,
    ) -> Result<PartitionState, sqlx::Error> {
        let sql = format!(
            "SELECT count(*) > 0 AS is_attached, coalesce(bool_or(inhdetachpending), false) AS is_pending \
             FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass({}) AND inhrelid = to_regclass({})",
            quote_literal(&table.to_string()),
            quote_literal(&partition.to_string())
        );
        let row = self.session().row(sql).await?;
        Ok(PartitionState {
            is_attached: row.try_get("is_attached")?,
            is_pending: row.try_get("is_pending")?,
        })
    }
}

/// The state of a partition: whether it is attached to its table, and whether a session has begun to detach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PartitionState {
    is_attached: bool,
    is_pending: bool,
}

impl PartitionState {
    fn from_logged(statement: &LoggedStatement) -> Option<Self> {
        match *statement {
            LoggedStatement::Detach { existed, pending, .. } => {
                Some(Self { is_attached: existed, is_pending: pending })
            }
            _ => None,
        }
    }
}
