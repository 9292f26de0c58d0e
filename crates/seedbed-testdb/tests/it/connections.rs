//! A server that has few connections.

use std::path::PathBuf;
use std::process::Command;

use local_postgres::{Purpose, Server, Settings};

use crate::support::{NewChecksum, end, one, until_dropped, word, worker};

/// A local server that has fewer connections than those that local-postgres makes for tests.
struct SmallServer {
    _folder: tempfile::TempDir,
    server: Server,
    url: String,
    log: PathBuf,
}

impl SmallServer {
    async fn start(connections: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::new(folder.path(), Purpose::Tests, Settings::from_env());
        let mut silent = |_: &str| {};
        let mut start = || {
            server.start(&mut silent).unwrap_or_else(|error| {
                let hint = error.hint().unwrap_or_default();
                panic!("this test needs a server of its own: {error}\nhint: {hint}")
            })
        };
        let url = start().url("postgres");
        let connection = sea_orm::Database::connect(&url).await.expect("it answers");
        let sql = format!("ALTER SYSTEM SET max_connections = {connections}");
        crate::support::run(&connection, &sql).await;
        connection.close().await.expect("it closes");
        server.stop(&mut |_: &str| {}).expect("it stops");
        let running = start();
        Self { _folder: folder, server, url, log: running.log().to_owned() }
    }
}

impl Drop for SmallServer {
    fn drop(&mut self) {
        if let Err(error) = self.server.remove(&mut |_: &str| {}) {
            eprintln!("could not remove the server: {error}");
        }
    }
}

#[tokio::test]
async fn thirty_two_tests_at_once_wait_for_each_other_instead_of_failing() {
    // As many as PostgreSQL has by default.
    let server = SmallServer::start(100).await;
    let checksum = NewChecksum::new();
    // As cargo test runs them: threads of one process.
    let environment = [("TEST_DATABASE_URL", server.url.as_str()), ("TESTDB_TESTS", "32")];
    let mut threads = worker("runs_many_tests_at_once", &checksum, &environment);
    assert_eq!(word(&mut threads, "passed "), "32");
    end(threads);
    // As cargo nextest runs them: each test a process.
    let environment = [("TEST_DATABASE_URL", server.url.as_str()), ("TESTDB_TESTS", "1")];
    let mut processes: Vec<_> =
        (0..32).map(|_| worker("runs_many_tests_at_once", &checksum, &environment)).collect();
    for process in &mut processes {
        assert_eq!(word(process, "passed "), "1");
    }
    processes.into_iter().for_each(end);
    let log = std::fs::read_to_string(&server.log).expect("the server's log");
    assert!(!log.contains("too many clients"), "{log}");
}

#[tokio::test]
async fn a_database_and_a_transaction_wait_for_each_other_on_the_last_connections() {
    // One test at once.
    let server = SmallServer::start(32).await;
    let checksum = NewChecksum::new();
    let environment = [("TEST_DATABASE_URL", server.url.as_str())];
    let mut both = worker("takes_a_database_after_a_transaction", &checksum, &environment);
    assert_eq!(word(&mut both, "rows "), "0");
    end(both);
    let mut both = worker("begins_a_transaction_while_it_has_a_database", &checksum, &environment);
    assert_eq!(word(&mut both, "rows "), "0");
    end(both);
}

#[tokio::test]
async fn after_a_crash_of_the_server_nothing_of_a_test_is_left() {
    let server = SmallServer::start(50).await;
    let checksum = NewChecksum::new();
    let environment = [("TEST_DATABASE_URL", server.url.as_str())];
    let mut writer = worker("writes_a_row_and_waits", &checksum, &environment);
    let name = word(&mut writer, "database ");
    let admin = sea_orm::Database::connect(&server.url).await.expect("it answers");
    let sql = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{name}' LIMIT 1");
    let pid: i32 = one(&admin, &sql).await;
    // All sessions end with it, and all counters begin again.
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().expect("it runs");
    assert!(killed.success());
    assert!(admin.close().await.is_ok());
    let again = Server::start(&server.server, &mut |_: &str| {}).expect("it answers again");
    assert_eq!(again.url("postgres"), server.url);
    // Its connections are gone too, so it may leave that to the next one.
    end(writer);
    let mut next = worker("takes_a_database_and_waits", &checksum, &environment);
    assert_eq!(word(&mut next, "rows "), "0");
    let admin = sea_orm::Database::connect(&server.url).await.expect("it answers");
    // What it is like is not known.
    until_dropped(&admin, &name).await;
    end(next);
}
