//! Retries an operation that cannot get a lock.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::driver_error::has_code;
use crate::session_monitor::SessionMonitor;
use crate::sqlstate;

/// The error of an attempt.
pub(crate) enum AttemptError<E> {
    /// The attempt could not get a lock, and none of its effects remain, so it may run again.
    Lock(E),
    /// Another attempt would not help, or would do harm.
    Permanent(E),
}

impl AttemptError<sqlx::Error> {
    /// Classifies an error of the driver by its SQLSTATE.
    pub(crate) fn from_error(error: sqlx::Error) -> Self {
        match is_lock_error(&error) {
            true => Self::Lock(error),
            false => Self::Permanent(error),
        }
    }
}

/// Returns whether the statement could not get a lock in time, or was chosen as the victim of a deadlock.
pub(crate) fn is_lock_error(error: &sqlx::Error) -> bool {
    has_code(error, sqlstate::LOCK_NOT_AVAILABLE) || has_code(error, sqlstate::DEADLOCK_DETECTED)
}

/// Retries `attempt` while it cannot get a lock, after growing pauses, until the time of `--lock-retry-for` has elapsed.
/// Reports each pause.
///
/// # Errors
/// Returns the error of the last attempt, even if the run is interrupted during a pause.
pub(crate) async fn retry_on_lock<T, E, F>(
    monitor: &SessionMonitor<'_>,
    attempt: impl Fn() -> F,
) -> Result<T, E>
where
    // This is not `AsyncFn`, because rustc cannot prove yet that its futures are `Send`, and the futures of scripts
    // must be `Send`.
    F: Future<Output = Result<T, AttemptError<E>>>,
{
    let started_at = Instant::now();
    let mut backoff = Backoff::new();
    loop {
        let error = match attempt().await {
            Ok(value) => return Ok(value),
            Err(AttemptError::Permanent(error)) => return Err(error),
            Err(AttemptError::Lock(error)) => error,
        };
        let pause = backoff.next();
        if monitor.is_interrupted() || started_at.elapsed() + pause >= monitor.lock_retry_for() {
            return Err(error);
        }
        monitor.report_retry(pause);
        if monitor.sleep(pause).await.is_err() {
            return Err(error);
        }
    }
}

/// An endless sequence of growing pauses: from 100 ms, doubling, to 5 s. Each is extended by a random time of up to its own
/// length, so that runners that block each other do not retry together.
struct Backoff(ExponentialBackoff);

impl Backoff {
    const LONGEST_WITHOUT_JITTER: Duration = Duration::from_secs(5);

    fn new() -> Self {
        Self(
            ExponentialBuilder::new()
                .with_jitter()
                .with_min_delay(Duration::from_millis(100))
                .with_max_delay(Self::LONGEST_WITHOUT_JITTER)
                .without_max_times()
                .build(),
        )
    }

    fn next(&mut self) -> Duration {
        self.0.next().unwrap_or(Self::LONGEST_WITHOUT_JITTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_between_retries_grow_and_stay_bounded() {
        let mut pauses = Backoff::new();
        let first = pauses.next();
        assert!((100..=200).contains(&first.as_millis()), "{first:?}");
        let tenth = (0..9).map(|_| pauses.next()).last().expect("ten pauses");
        assert!((5_000..=10_000).contains(&tenth.as_millis()), "{tenth:?}");
    }
}
