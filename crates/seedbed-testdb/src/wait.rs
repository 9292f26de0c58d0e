//! Waits for a resource that another test or process holds, with growing pauses and a message every ten seconds.

use std::time::{Duration, Instant};

/// The interval at which a waiting test prints a message.
const MESSAGE_INTERVAL: Duration = Duration::from_secs(10);

/// The first pause between two attempts.
const MIN_PAUSE: Duration = Duration::from_millis(20);

/// The longest pause between two attempts.
const MAX_PAUSE: Duration = Duration::from_millis(1280);

/// The resource that a test waits for while other tests, in any process, hold the connections.
pub(crate) const OTHER_TESTS: &str = "other tests to release their connections";

/// The resource that a test waits for while the server is starting or has no connection left.
pub(crate) const SERVER_CONNECTION: &str = "the server to accept another connection";

/// A wait for one resource, which pauses between attempts and prints a message every ten seconds.
#[derive(Debug)]
pub(crate) struct Wait {
    resource: &'static str,
    started_at: Instant,
    next_message_after: Duration,
    pause: Duration,
}

impl Wait {
    /// Starts to wait. The message reads "still waiting for `resource`".
    pub(crate) fn new(resource: &'static str) -> Self {
        Self {
            resource,
            started_at: Instant::now(),
            next_message_after: MESSAGE_INTERVAL,
            pause: MIN_PAUSE,
        }
    }

    /// Returns the duration of the wait so far.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started_at.elapsed()
    }

    /// Sleeps before the next attempt, and prints the message if it is due.
    ///
    /// Each pause is longer than the previous one and is jittered, so that waiting processes do not retry in step.
    pub(crate) async fn pause(&mut self) {
        let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
        tokio::time::sleep(self.pause.mul_f64(0.5 + (random % 1000) as f64 / 1000.0)).await;
        self.pause = MAX_PAUSE.min(self.pause * 2);
        self.print_if_due();
    }

    /// Prints the message if the last one is ten seconds old.
    pub(crate) fn print_if_due(&mut self) {
        let elapsed = self.elapsed();
        if elapsed >= self.next_message_after {
            self.next_message_after += MESSAGE_INTERVAL;
            eprintln!("still waiting for {} after {} s", self.resource, elapsed.as_secs());
        }
    }
}
