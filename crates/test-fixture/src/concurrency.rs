//! Waiting with a limit, and several tries of the same test at once.

use test_support::test_timeout;

/// Awaits the future, and fails the test if it does not end within [`test_timeout`].
///
/// # Panics
/// Panics after [`test_timeout`].
pub async fn in_time<T>(event: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(test_timeout(), future).await {
        Ok(value) => value,
        Err(_) => panic!("after {:?} still waiting for {event}", test_timeout()),
    }
}

/// Tries the same on each of the items at once, each on a thread of its own.
///
/// On one thread they could wait for each other. A test database at its end holds the thread until it is dropped, and
/// PostgreSQL drops none until each session that is beginning has begun, also one whose client is on that thread. A session
/// whose client is kept from its thread for a minute while it authenticates is ended by the server.
///
/// # Panics
/// Panics if one of the tries does.
pub async fn each<T: Send, R: Send>(
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
