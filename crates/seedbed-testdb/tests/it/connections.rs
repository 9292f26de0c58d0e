//! A server that has few connections.

use std::path::PathBuf;

use local_postgres::{Purpose, Server, Settings};

use crate::support::{NewChecksum, end, word, worker};

/// A private server with the 100 connections that PostgreSQL has by default.
struct SmallServer {
    _folder: tempfile::TempDir,
    server: Server,
    url: String,
    log: PathBuf,
}

impl SmallServer {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::new(folder.path(), Purpose::Tests, Settings::from_env());
        let mut silent = |_: &str| {};
        let url = server.start(&mut silent).expect("it starts").url("postgres");
        let connection = sea_orm::Database::connect(&url).await.expect("it answers");
        crate::support::run(&connection, "ALTER SYSTEM SET max_connections = 100").await;
        connection.close().await.expect("it closes");
        server.stop(&mut silent).expect("it stops");
        let running = server.start(&mut silent).expect("it starts again");
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
async fn sixty_four_tests_at_once_wait_for_each_other_instead_of_failing() {
    let server = SmallServer::start().await;
    let checksum = NewChecksum::new();
    // As cargo test runs them: threads of one process.
    let environment = [("TEST_DATABASE_URL", server.url.as_str()), ("TESTDB_TESTS", "64")];
    let mut threads = worker("runs_many_tests_at_once", &checksum, &environment);
    assert_eq!(word(&mut threads, "passed "), "64");
    end(threads);
    // As cargo nextest runs them: each test a process.
    let environment = [("TEST_DATABASE_URL", server.url.as_str()), ("TESTDB_TESTS", "1")];
    let mut processes: Vec<_> =
        (0..64).map(|_| worker("runs_many_tests_at_once", &checksum, &environment)).collect();
    for process in &mut processes {
        assert_eq!(word(process, "passed "), "1");
    }
    processes.into_iter().for_each(end);
    let log = std::fs::read_to_string(&server.log).expect("the server's log");
    assert!(!log.contains("too many clients"), "{log}");
}
