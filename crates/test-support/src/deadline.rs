//! The time limit of all waits of a test.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// The variable with the number by which the time limit is multiplied, for a very slow machine.
const FACTOR_VARIABLE: &str = "SEEDBED_TEST_PATIENCE";

/// The pause between two checks of a condition.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Returns the time that a test waits for a single event: three minutes, multiplied by `SEEDBED_TEST_PATIENCE`.
///
/// # Panics
/// Panics if the variable is not a number.
#[must_use]
pub fn test_timeout() -> Duration {
    let factor = match std::env::var(FACTOR_VARIABLE) {
        Ok(factor) => factor
            .parse()
            .unwrap_or_else(|_| panic!("`{FACTOR_VARIABLE}` is not a number: `{factor}`")),
        Err(_) => 1.0,
    };
    Duration::from_secs(180).mul_f64(factor)
}

/// The moment at which a test stops waiting and fails.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns the deadline of a wait that starts now.
    #[must_use]
    pub fn new() -> Self {
        Self(Instant::now() + test_timeout())
    }

    /// Fails the test if the deadline has passed. `message` returns the state of the event that the test waits for.
    ///
    /// # Panics
    /// Panics after [`test_timeout`].
    #[track_caller]
    pub fn check(&self, message: impl FnOnce() -> String) {
        assert!(Instant::now() < self.0, "after {:?} {}", test_timeout(), message());
    }
}

impl Default for Deadline {
    fn default() -> Self {
        Self::new()
    }
}

/// Waits until the condition holds. `event` describes the condition in the message of a failure.
///
/// # Panics
/// Panics if the condition does not hold within [`test_timeout`].
#[track_caller]
pub fn eventually(event: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Deadline::new();
    while !condition() {
        deadline.check(|| format!("still waiting: {event}"));
        sleep(POLL_INTERVAL);
    }
}
