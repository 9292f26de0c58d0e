//! SIGINT and SIGTERM: the first one stops the run in an orderly way, the second one at once.

use std::io;

use seedbed_engine::Interrupt;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Begins to listen for both signals, in a thread of its own: a script that computes for a while, or
/// sleeps without `await`, has the run's only thread, and the second signal shall end it all the same.
///
/// Does not wait until the thread listens: a signal before that ends the process, which has not even
/// connected then.
pub(crate) fn listen() -> io::Result<Interrupt> {
    let (sender, receiver) = watch::channel(false);
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        if let Err(error) = runtime.and_then(|runtime| runtime.block_on(pass_on(&sender))) {
            anstream::eprintln!("warning: signals end the run without order: {error}");
        }
    })?;
    Ok(Interrupt::new(receiver))
}

async fn pass_on(sender: &watch::Sender<bool>) -> io::Result<()> {
    let mut sigint = signal(SignalKind::interrupt())?;
    let mut sigterm = signal(SignalKind::terminate())?;
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
