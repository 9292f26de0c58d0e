//! Waits with a deadline, and runs one test on several inputs at the same time.

use test_support::test_timeout;

/// Awaits the future, and fails the test if it does not end within [`test_timeout`].
///
/// # Panics
/// Panics after [`test_timeout`].
pub async fn within_deadline<T>(event: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(test_timeout(), future).await {
        Ok(value) => value,
        Err(_) => panic!("after {:?} still waiting for {event}", test_timeout()),
    }
}

/// Runs the test on all items at the same time, each on its own thread.
///
/// On one thread the tests could block each other. Dropping a test database blocks its thread until PostgreSQL has dropped
/// the database, and PostgreSQL waits for every session that is still connecting, including those whose client runs on that
/// thread. The server also ends a session whose client does not finish authenticating within a minute.
///
/// # Panics
/// Panics if the test panics for one of the items.
pub async fn run_each<T: Send, R: Send>(
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
        joined
            .map(|result| result.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
