//! What every test here needs: the process, the database beside it, a server of its own.

mod bouncer;
mod fixture;
mod inline;
mod proxy;
mod server;
mod sql;
mod state;

pub(crate) use self::sql::{Gate, connect, execute, text, texts, wait_until};
pub(crate) use bouncer::Bouncer;
pub(crate) use fixture::{Finished, Fixture, Running};
pub(crate) use inline::{Inline, sql};
pub(crate) use proxy::{Cut, Proxy};
pub(crate) use server::{OwnServer, Program};
pub(crate) use state::State;

use test_support::patience;

/// Holds a migrator at a lock for as long as the test wants it there: its own limit never strikes.
pub(crate) const PATIENT: &str = "--lock-timeout=1h";

/// Fails the test when the future has not ended within [`patience`].
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(patience(), future).await {
        Ok(value) => value,
        Err(_) => panic!("after {:?} still waiting for {what}", patience()),
    }
}

/// Tries the same on each of them, all at once.
pub(crate) async fn each<T, const N: usize>(items: [T; N], test: impl AsyncFn(T)) {
    futures_util::future::join_all(items.into_iter().map(|item| test(item))).await;
}
