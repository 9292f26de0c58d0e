//! What every test here needs: the process, the database beside it, a server of its own.

mod bouncer;
mod fixture;
mod proxy;
mod server;
mod sql;
mod state;

pub(crate) use bouncer::Bouncer;
pub(crate) use fixture::{Finished, Fixture, Running};
pub(crate) use proxy::{Cut, Proxy};
pub(crate) use server::{OwnServer, Program};
pub(crate) use sql::{Gate, connect, execute, text, texts, wait_until};
pub(crate) use state::State;

use std::time::Duration;

/// For how long anything is waited for. Nothing here takes that long; what does is stuck.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Fails the test when the future has not ended within [`PATIENCE`].
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("after {PATIENCE:?} still waiting for {what}"),
    }
}

/// Tries the same on each of them, all at once.
pub(crate) async fn each<T, const N: usize>(items: [T; N], test: impl AsyncFn(T)) {
    futures_util::future::join_all(items.into_iter().map(|item| test(item))).await;
}
