//! Reads and writes the history while no script runs, and retries while another session has its tables locked.

use super::Runner;
use crate::error::Error;
use crate::event::Subject;
use crate::retry::{AttemptError, is_lock_error, retry_on_lock};
use crate::session_monitor::SessionMonitor;

impl Runner<'_> {
    /// Reads or writes the history with `access`, which leaves nothing behind if it fails. Retries while another
    /// session has locked a table.
    ///
    /// # Errors
    /// Fails with [`Error::HistoryLocked`] if the table stays locked until `--lock-retry-for` is over.
    pub(super) async fn access_history<T, F>(&self, access: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let subject = Subject::HistoryTables;
        let monitor = SessionMonitor::new(self.session, subject, self.events, &self.cancellation);
        let attempt =
            || async { monitor.observe_during(access()).await.map_err(into_attempt_error) };
        match Box::pin(retry_on_lock(&monitor, attempt)).await {
            Err(Error::Database { source, .. })
                if is_lock_error(&source) && self.cancellation.is_canceled() =>
            {
                Err(Error::Interrupted)
            }
            Err(Error::Database { doing, source }) if is_lock_error(&source) => {
                let blocker = monitor.blocker().map(Box::new);
                let retried_for = monitor.lock_retry_for();
                Err(Error::HistoryLocked { doing, source, blocker, retried_for })
            }
            result => result,
        }
    }
}

fn into_attempt_error(error: Error) -> AttemptError<Error> {
    match &error {
        Error::Database { source, .. } if is_lock_error(source) => AttemptError::Lock(error),
        _ => AttemptError::Permanent(error),
    }
}
