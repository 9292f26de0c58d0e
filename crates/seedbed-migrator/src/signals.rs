//! Handles SIGINT and SIGTERM. The first signal cancels the run, which then rolls back and ends. The second one ends
//! the process at once. A SIGTERM that arrives twice within a second counts as one.

use std::io;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use seedbed_engine::Cancellation;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::print;

/// Starts a thread that listens for SIGINT and SIGTERM.
///
/// The thread is separate because a script that computes for a while, or sleeps without `await`, occupies the only
/// thread of the run, and the second signal must end such a script too.
///
/// Returns before the thread listens, so that the command can connect to the server in the meantime. [`SignalsReady`]
/// waits for the thread.
pub(crate) fn listen() -> io::Result<(Cancellation, SignalsReady)> {
    let (cancel, canceled) = watch::channel(false);
    let (ready_sender, ready_receiver) = mpsc::channel();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let result =
            runtime.and_then(|runtime| runtime.block_on(forward_signals(&cancel, ready_sender)));
        if let Err(error) = result {
            print::stderr_line(&print::warning(&format!(
                "failed to listen for signals: {error}; an interrupted run ends without cleanup"
            )));
        }
    })?;
    Ok((Cancellation::new(canceled), SignalsReady(Mutex::new(ready_receiver))))
}

/// Waits for the thread of [`listen`]. Until that thread listens, a signal ends the process immediately.
pub(crate) struct SignalsReady(Mutex<mpsc::Receiver<()>>);

impl SignalsReady {
    /// Blocks until the thread listens or has failed. Returns immediately if it is called again.
    pub(crate) fn wait(&self) {
        if let Ok(ready) = self.0.lock() {
            let _ = ready.recv();
        }
    }
}

/// The time within which a second SIGTERM counts as the same signal. make and `timeout` pass on a SIGTERM that their
/// whole process group has already received, so this process receives it twice. They do not pass on the SIGINT of a
/// terminal.
const SAME_SIGTERM: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Received {
    Sigint,
    Sigterm,
}

/// Returns whether the signal repeats the one before it, each with the time at which it was received.
fn is_repetition(before: (Received, Instant), signal: (Received, Instant)) -> bool {
    before.0 == Received::Sigterm
        && signal.0 == Received::Sigterm
        && signal.1.duration_since(before.1) < SAME_SIGTERM
}

/// Cancels the run at each signal, until a second signal ends the process.
async fn forward_signals(cancel: &watch::Sender<bool>, ready: mpsc::Sender<()>) -> io::Result<()> {
    let mut sigint = signal(SignalKind::interrupt())?;
    let mut sigterm = signal(SignalKind::terminate())?;
    // The closed channel wakes every caller of `SignalsReady::wait`.
    drop(ready);
    let mut first = None;
    loop {
        let received = tokio::select! {
            _ = sigint.recv() => Received::Sigint,
            _ = sigterm.recv() => Received::Sigterm,
        };
        let signal = (received, Instant::now());
        match first {
            None => first = Some(signal),
            Some(first) if is_repetition(first, signal) => {}
            Some(_) => std::process::exit(130),
        }
        cancel.send_replace(true);
    }
}

#[cfg(test)]
mod tests {
    use super::Received::{Sigint, Sigterm};
    use super::*;

    #[test]
    fn a_sigterm_soon_after_another_one_is_the_same() {
        let start = Instant::now();
        for (before, signal, milliseconds, expected) in [
            (Sigterm, Sigterm, 0, true),
            (Sigterm, Sigterm, 999, true),
            (Sigterm, Sigterm, 1000, false),
            (Sigint, Sigint, 0, false),
            (Sigint, Sigterm, 0, false),
            (Sigterm, Sigint, 0, false),
        ] {
            let second_at = start + Duration::from_millis(milliseconds);
            let case = format!("{before:?}, {signal:?} after {milliseconds} ms");
            assert_eq!(is_repetition((before, start), (signal, second_at)), expected, "{case}");
        }
    }
}
