//! The one deadline.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// A number by which the deadline is multiplied, for a machine that is slower still.
const FACTOR: &str = "SEEDBED_TEST_PATIENCE";

/// The pause between two looks at what a test waits for.
const PAUSE: Duration = Duration::from_millis(10);

/// Returns how long a test waits for any one event: three minutes, times `SEEDBED_TEST_PATIENCE`.
///
/// # Panics
/// If the variable is not a number.
#[must_use]
pub fn patience() -> Duration {
    let factor = match std::env::var(FACTOR) {
        Ok(factor) => factor.parse().unwrap_or_else(|_| panic!("{FACTOR}={factor} is no number")),
        Err(_) => 1.0,
    };
    Duration::from_secs(180).mul_f64(factor)
}

/// The moment at which a test gives up.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// Begins to wait.
    #[must_use]
    pub fn new() -> Self {
        Self(Instant::now() + patience())
    }

    /// Fails the test if it has waited for too long; `message` says what for.
    ///
    /// # Panics
    /// After [`patience`].
    #[track_caller]
    pub fn check(&self, message: impl FnOnce() -> String) {
        assert!(Instant::now() < self.0, "after {:?} {}", patience(), message());
    }
}

impl Default for Deadline {
    fn default() -> Self {
        Self::new()
    }
}

/// Waits until the condition holds.
///
/// # Panics
/// If it does not hold within [`patience`].
#[track_caller]
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Deadline::new();
    while !condition() {
        deadline.check(|| format!("still waiting: {what}"));
        sleep(PAUSE);
    }
}
