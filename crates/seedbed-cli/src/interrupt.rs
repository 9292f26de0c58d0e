//! SIGINT and SIGTERM: the first one stops the run in an orderly way, the second one at once.

use seedbed_engine::Interrupt;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Begins to listen for both signals.
pub(crate) fn listen() -> std::io::Result<Interrupt> {
    let mut sigint = signal(SignalKind::interrupt())?;
    let mut sigterm = signal(SignalKind::terminate())?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = sigint.recv() => {}
                _ = sigterm.recv() => {}
            }
            if sender.send_replace(true) {
                std::process::exit(130);
            }
        }
    });
    Ok(Interrupt::new(receiver))
}
