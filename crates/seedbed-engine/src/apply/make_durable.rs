//! Makes the commits of a run durable before the run reports them.

use std::collections::HashSet;

use super::Apply;
use crate::connect;
use crate::durability::{Durability, flush, flush_by};
use crate::error::Error;
use crate::history_store::{Recorded, recorded_by};
use crate::report::{Outcome, RunReport};

impl Apply<'_> {
    /// Ends a run: waits until all of its commits are on disk.
    ///
    /// If the session is lost and the commits were asynchronous, a crash of the server may have lost the newest of them. In
    /// that case, this function reads from the log which commits remain, and removes the other scripts from the report.
    ///
    /// # Errors
    /// Returns the error of the run, or an error that lists the commits that the server lost.
    pub(crate) async fn make_durable(
        &self,
        report: &mut RunReport,
        result: Result<(), Error>,
    ) -> Result<(), Error> {
        if self.durability != Durability::EndOfRun || report.done.is_empty() {
            return result;
        }
        if flush(self.session).await.is_ok() {
            return result;
        }
        let cause = match result {
            Ok(()) => Error::SessionLost {
                doing: "at the end of the run".to_owned(),
                reason: "the server does not answer".to_owned(),
            },
            Err(error) => error,
        };
        let Some(recorded) = self.recorded_after_loss().await else {
            report.done.clear();
            return Err(Error::CommitsUnknown { cause: Box::new(cause) });
        };
        let is_kept = |outcome: &Outcome| {
            recorded.contains(&(outcome.kind, outcome.name.clone(), outcome.direction))
        };
        let (kept, lost): (Vec<_>, Vec<_>) =
            std::mem::take(&mut report.done).into_iter().partition(is_kept);
        report.done = kept;
        if lost.is_empty() {
            return Err(cause);
        }
        let names = lost.into_iter().map(|outcome| outcome.name).collect();
        Err(Error::CommitsLost { names, cause: Box::new(cause) })
    }

    /// Returns the scripts that this run has recorded, and ensures that these commits are on disk. Uses a new connection.
    /// Waits for the server as long as the options allow, and returns `None` if it does not answer.
    ///
    /// Reads the entries of this run in the log and not the history: another runner may already have applied again the
    /// scripts whose commits the crash lost.
    async fn recorded_after_loss(&self) -> Option<HashSet<Recorded>> {
        let mut connection = connect::connection(&self.session.options, self.events).await.ok()?;
        let mark = self.session.mark;
        let recorded = recorded_by(mark, &mut connection, self.tables).await.ok()?;
        flush_by(&mut connection).await.ok()?;
        Some(recorded)
    }
}
