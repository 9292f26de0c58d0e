//! SIGINT and SIGTERM: the first signal cancels the run in order, the second one ends the process at once.

use std::io;
use std::sync::{Mutex, mpsc};

use seedbed_engine::Cancellation;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::print;

/// Starts a thread that listens for SIGINT and SIGTERM.
///
/// The thread is separate because a script that computes for a while, or sleeps without `await`, occupies the only
/// thread of the run, and the second signal must end such a script too.
///
/// Returns before the thread listens, because connecting takes longer than that; see [`SignalsReady`].
pub(crate) fn listen() -> io::Result<(Cancellation, SignalsReady)> {
    let (cancel, cancelled) = watch::channel(false);
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
    Ok((Cancellation::new(cancelled), SignalsReady(Mutex::new(ready_receiver))))
}

/// Waits for the thread of [`listen`]. Until that thread listens, a signal ends the process immediately.
pub(crate) struct SignalsReady(Mutex<mpsc::Receiver<()>>);

impl SignalsReady {
    /// Blocks until the thread listens or has failed. Returns immediately when called again.
    pub(crate) fn wait(&self) {
        if let Ok(ready) = self.0.lock() {
            let _ = ready.recv();
        }
    }
}

async fn forward_signals(cancel: &watch::Sender<bool>, ready: mpsc::Sender<()>) -> io::Result<()> {
    let mut sigint = signal(SignalKind::interrupt())?;
    let mut sigterm = signal(SignalKind::terminate())?;
    // The closed channel wakes every caller of `SignalsReady::wait`.
    drop(ready);
    loop {
        tokio::select! {
            _ = sigint.recv() => {}
            _ = sigterm.recv() => {}
        }
        if cancel.send_replace(true) {
            std::process::exit(130);
        }
    }
}
