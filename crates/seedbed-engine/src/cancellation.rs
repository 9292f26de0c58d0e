//! The request to stop a run.

use tokio::sync::watch;

use crate::error::Error;

/// Stops a run. The command line cancels it on SIGINT and SIGTERM.
///
/// Clones share one state, which changes once:
///
/// ```text
/// running ──(the sender sends `true`)──► canceled
/// ```
#[derive(Debug, Clone)]
pub struct Cancellation(watch::Receiver<bool>);

impl Cancellation {
    /// Creates a cancellation that takes effect as soon as the sender sends `true`.
    #[must_use]
    pub fn new(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Creates a cancellation that never takes effect.
    #[must_use]
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Returns whether the run has to stop.
    pub(crate) fn is_canceled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the run has to stop.
    pub(crate) async fn canceled(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|is_canceled| *is_canceled).await.is_err() {
            // The sender was dropped, so the run can no longer be canceled.
            std::future::pending::<()>().await;
        }
    }

    /// Runs `future` to completion, unless the run is canceled first.
    ///
    /// # Errors
    /// Fails with [`Error::Interrupted`] if the run is canceled first.
    pub async fn run_until_canceled<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.canceled() => Err(Error::Interrupted),
            value = future => Ok(value),
        }
    }
}
