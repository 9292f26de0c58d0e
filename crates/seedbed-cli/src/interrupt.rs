//! SIGINT and SIGTERM: the first one stops the run in an orderly way, the second one at once.

use std::io;
use std::sync::mpsc;

use seedbed_engine::Interrupt;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Begins to listen for both signals, in a thread of its own: a script that computes for a while, or
/// sleeps without `await`, has the run's only thread, and the second signal shall end it all the same.
pub(crate) fn listen() -> io::Result<Interrupt> {
    let (sender, receiver) = watch::channel(false);
    let (listening, listens) = mpsc::channel();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let result = runtime.map(|runtime| runtime.block_on(pass_on(&sender, &listening)));
        // Nobody waits for it any more if it had begun to listen.
        let _ = listening.send(result.and_then(|result| result));
    })?;
    listens.recv().unwrap_or_else(|_| Err(io::Error::other("the thread ended")))?;
    Ok(Interrupt::new(receiver))
}

async fn pass_on(
    sender: &watch::Sender<bool>,
    listening: &mpsc::Sender<io::Result<()>>,
) -> io::Result<()> {
    let mut sigint = signal(SignalKind::interrupt())?;
    let mut sigterm = signal(SignalKind::terminate())?;
    let _ = listening.send(Ok(()));
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
