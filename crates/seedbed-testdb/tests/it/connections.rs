//! Tests on a server with few connections.

use std::path::PathBuf;
use std::process::Command;

use local_postgres::{LocalServer, Purpose, Settings};

use crate::support::{
    UniqueChecksum, finish, query_one, read_value, spawn_worker, wait_until_dropped,
};

/// A local server with fewer connections than `local_postgres` configures for tests.
struct SmallServer {
    _dir: tempfile::TempDir,
    server: LocalServer,
    url: String,
    log: PathBuf,
}

impl SmallServer {
    async fn start(connections: u32) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let server = LocalServer::new(dir.path(), Purpose::Tests, Settings::from_env());
        let mut ignore_progress = |_: &str| {};
        let mut start = || {
            server.start(&mut ignore_progress).unwrap_or_else(|error| {
                let hint = error.hint().unwrap_or_default();
                panic!("this test needs a server of its own: {error}\nhint: {hint}")
            })
        };
        let url = start().url("postgres");
        let connection = sea_orm::Database::connect(&url).await.expect("the server answers");
        let sql = format!("ALTER SYSTEM SET max_connections = {connections}");
        crate::support::execute(&connection, &sql).await;
        connection.close().await.expect("the connection closes");
        server.stop(&mut |_: &str| {}).expect("the server stops");
        let running = start();
        Self { _dir: dir, server, url, log: running.log().to_owned() }
    }
}

impl Drop for SmallServer {
    fn drop(&mut self) {
        if let Err(error) = self.server.remove(&mut |_: &str| {}) {
            eprintln!("warning: failed to remove the server: {error}");
        }
    }
}

#[tokio::test]
async fn thirty_two_concurrent_tests_wait_for_connections_instead_of_failing() {
    // The default of PostgreSQL is 100 connections.
    let server = SmallServer::start(100).await;
    let checksum = UniqueChecksum::new();
    // `cargo test` runs tests as threads of one process.
    let environment = [("TEST_DATABASE_URL", server.url.as_str()), ("TESTDB_TESTS", "32")];
    let mut threads = spawn_worker("runs_many_tests_at_once", &checksum, &environment);
    assert_eq!(read_value(&mut threads, "passed "), "32");
    finish(threads);
    // `cargo nextest` runs each test in a separate process.
    let environment = [("TEST_DATABASE_URL", server.url.as_str()), ("TESTDB_TESTS", "1")];
    let mut processes: Vec<_> =
        (0..32).map(|_| spawn_worker("runs_many_tests_at_once", &checksum, &environment)).collect();
    for process in &mut processes {
        assert_eq!(read_value(process, "passed "), "1");
    }
    processes.into_iter().for_each(finish);
    let log = std::fs::read_to_string(&server.log).expect("the server's log");
    assert!(!log.contains("too many clients"), "{log}");
}

#[tokio::test]
async fn a_database_and_a_transaction_of_one_process_share_the_last_connections() {
    // The server has connections for one test at a time.
    let server = SmallServer::start(32).await;
    let checksum = UniqueChecksum::new();
    let environment = [("TEST_DATABASE_URL", server.url.as_str())];
    let mut both = spawn_worker("takes_a_database_after_a_transaction", &checksum, &environment);
    assert_eq!(read_value(&mut both, "rows "), "0");
    finish(both);
    let mut both =
        spawn_worker("begins_a_transaction_while_it_has_a_database", &checksum, &environment);
    assert_eq!(read_value(&mut both, "rows "), "0");
    finish(both);
}

#[tokio::test]
async fn a_crash_of_the_server_leaves_no_rows_of_a_test() {
    let server = SmallServer::start(50).await;
    let checksum = UniqueChecksum::new();
    let environment = [("TEST_DATABASE_URL", server.url.as_str())];
    let mut writer = spawn_worker("writes_a_row_and_waits", &checksum, &environment);
    let name = read_value(&mut writer, "database ");
    let admin = sea_orm::Database::connect(&server.url).await.expect("the server answers");
    let sql = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{name}' LIMIT 1");
    let pid: i32 = query_one(&admin, &sql).await;
    // PostgreSQL restarts all sessions after one is killed, and resets the statistics.
    let killed =
        Command::new("kill").args(["-9", &pid.to_string()]).status().expect("the program runs");
    assert!(killed.success());
    assert!(admin.close().await.is_ok());
    let again =
        LocalServer::start(&server.server, &mut |_: &str| {}).expect("the server answers again");
    assert_eq!(again.url("postgres"), server.url);
    // The connections of the worker are lost too, so it leaves the database to the next process.
    finish(writer);
    let mut next = spawn_worker("takes_a_database_and_waits", &checksum, &environment);
    assert_eq!(read_value(&mut next, "rows "), "0");
    let admin = sea_orm::Database::connect(&server.url).await.expect("the server answers");
    // Without statistics, the writes of the test are unknown, so the database is dropped.
    wait_until_dropped(&admin, &name).await;
    finish(next);
}
