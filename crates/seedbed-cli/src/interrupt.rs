//! SIGINT and SIGTERM: the first one stops the run in an orderly way, the second one at once.

use std::io;
use std::sync::{Mutex, mpsc};

use seedbed_engine::Cancellation;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Begins to listen for both signals, in a thread of its own: a script that computes for a while, or
/// sleeps without `await`, has the run's only thread, and the second signal shall end it all the same.
///
/// Does not wait until the thread listens, as connecting takes longer than that: see [`Listening`].
pub(crate) fn listen() -> io::Result<(Cancellation, Listening)> {
    let (sender, receiver) = watch::channel(false);
    let (began, begins) = mpsc::channel();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        if let Err(error) = runtime.and_then(|runtime| runtime.block_on(pass_on(&sender, began))) {
            anstream::eprintln!("warning: signals end the run without order: {error}");
        }
    })?;
    Ok((Cancellation::new(receiver), Listening(Mutex::new(begins))))
}

/// Tells when the thread listens. A signal before that ends the process in the system's way.
pub(crate) struct Listening(Mutex<mpsc::Receiver<()>>);

impl Listening {
    /// Waits for it; the second time that is over at once. If the thread has ended it has said why.
    pub(crate) fn wait(&self) {
        if let Ok(began) = self.0.lock() {
            let _ = began.recv();
        }
    }
}

async fn pass_on(sender: &watch::Sender<bool>, began: mpsc::Sender<()>) -> io::Result<()> {
    let mut sigint = signal(SignalKind::interrupt())?;
    let mut sigterm = signal(SignalKind::terminate())?;
    // Who waits for it is told by its end.
    drop(began);
    loop {
        tokio::select! {
            _ = sigint.recv() => {}
            _ = sigterm.recv() => {}
        }
        if sender.send_replace(true) {
            std::process::exit(130);
        }
    }
}
