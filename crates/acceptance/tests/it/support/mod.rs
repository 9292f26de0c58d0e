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

use test_support::test_timeout;

/// Holds a migrator at a lock for as long as the test wants it there: its own limit never strikes.
pub(crate) const PATIENT: &str = "--lock-timeout=1h";

/// Fails the test when the future has not ended within [`patience`].
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(test_timeout(), future).await {
        Ok(value) => value,
        Err(_) => panic!("after {:?} still waiting for {what}", test_timeout()),
    }
}

/// Tries the same on each of them, all at once, each on a thread of its own. On one thread they could wait for each
/// other: a test database at its end holds the thread until it is dropped, and PostgreSQL drops none until each session
/// that is beginning has begun, also one whose client is on that thread. A session whose client is kept from its
/// thread for a minute while it authenticates is ended by the server.
pub(crate) async fn each<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    test: impl AsyncFn(T) -> R + Sync,
) -> Vec<R> {
    let run = &|item: T| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(test(item))
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            items.into_iter().map(|item| scope.spawn(move || run(item))).collect();
        let joined = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.map(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}
