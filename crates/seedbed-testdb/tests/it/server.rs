//! Tests the choice of the server on which the databases are created, and the URLs that are refused.

use std::process::{Command, Stdio};

use local_postgres::{LocalServer, Purpose, Settings};
use seedbed_testdb::TestDatabase;
use test_support::{assert_snapshot, snapshot};

use crate::support::{UniqueChecksum, database_name, execute, finish, read_value, spawn_worker};

/// Runs a worker that gets no database, and returns the message with which it panics.
fn run_refused_worker(environment: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "worker_processes::takes_a_database_and_waits",
        ])
        .env("TESTDB_CHECKSUM", "refused")
        .env("RUST_BACKTRACE", "0")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    assert!(!output.status.success());
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let message = stderr.split_once(" panicked at ").and_then(|(_, panic)| panic.split_once('\n'));
    let (_, message) = message.unwrap_or_else(|| panic!("no panic: {stderr}"));
    message.split("\nnote: ").next().unwrap_or(message).to_owned()
}

#[tokio::test]
async fn a_url_of_the_development_database_is_refused() {
    let url = TestDatabase::empty().await.url().to_owned();
    let output = run_refused_worker(&[("TEST_DATABASE_URL", &url), ("DATABASE_URL", &url)]);
    let address = seedbed_config::Url::parse(&url).expect("a URL").to_string();
    snapshot!("development_database").replacing(&address, "[address]").assert_matches(&output);
}

#[tokio::test]
async fn a_development_database_that_would_hold_the_registry_is_refused() {
    let db = TestDatabase::empty().await;
    let development = db.url().replace(database_name(&db), "postgres");
    let output =
        run_refused_worker(&[("TEST_DATABASE_URL", db.url()), ("DATABASE_URL", &development)]);
    assert_snapshot!("registry_in_the_development_database", output);
}

#[test]
fn the_local_development_server_is_refused() {
    let checkout = TestCheckout::new();
    let server = checkout.server(Purpose::Development);
    let url = server.start(&mut |_: &str| {}).expect("the server starts").url("postgres");
    let output =
        run_refused_worker(&[("TEST_DATABASE_URL", &url), ("CARGO_MANIFEST_DIR", checkout.path())]);
    assert_snapshot!("local_development_server", output);
}

#[test]
fn without_a_url_a_local_server_for_tests_is_started_and_shared() {
    let checkout = TestCheckout::new();
    let environment = [("TEST_DATABASE_URL", ""), ("CARGO_MANIFEST_DIR", checkout.path())];
    let checksum = UniqueChecksum::new();
    let mut both =
        [0, 1].map(|_| spawn_worker("takes_a_database_and_waits", &checksum, &environment));
    let runs: Vec<String> = both.iter_mut().map(|worker| read_value(worker, "runs ")).collect();
    assert!(runs.contains(&"0".to_owned()), "the migrations ran once for both: {runs:?}");
    let running =
        checkout.server(Purpose::Tests).start(&mut |_: &str| {}).expect("the server runs");
    assert_eq!(running.start_outcome(), local_postgres::StartOutcome::AlreadyRunning);
    let socket = running.socket_dir().display().to_string();
    for worker in &mut both {
        assert!(read_value(worker, "url ").contains(&socket));
    }
    both.into_iter().for_each(finish);
}

#[test]
fn settings_of_a_migration_are_copied_by_a_role_that_is_not_a_superuser() {
    let checkout = TestCheckout::new();
    let server =
        checkout.server(Purpose::Tests).start(&mut |_: &str| {}).expect("the server starts");
    let url = server.url("postgres");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let superuser = sea_orm::Database::connect(&url).await.expect("the server answers");
        execute(&superuser, "CREATE ROLE maker LOGIN CREATEDB PASSWORD 'secret'").await;
        execute(&superuser, "GRANT CREATE ON DATABASE postgres TO maker").await;
    });
    let as_maker = format!("{url}&user=maker&password=secret");
    let environment = [("TEST_DATABASE_URL", as_maker.as_str())];
    let checksum = UniqueChecksum::new();
    let mut worker = spawn_worker("reads_the_settings_of_a_migration", &checksum, &environment);
    let values = read_value(&mut worker, "values ");
    assert_eq!(values, "5MB|things, \"$user\", public|pg_catalog.dutch|for tests|CONNECT");
    assert_eq!(read_value(&mut worker, "superuser "), "off");
    finish(worker);
}

#[test]
fn the_error_names_a_server_that_is_not_running() {
    let output =
        run_refused_worker(&[("TEST_DATABASE_URL", "postgres://ada:secret@127.0.0.1:1/postgres")]);
    assert!(output.contains("`127.0.0.1:1`") && !output.contains("secret"), "{output}");
}

/// A directory that is a workspace. Its local servers are removed together with the directory.
struct TestCheckout {
    dir: tempfile::TempDir,
}

impl TestCheckout {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("Cargo.lock"), "").expect("a writable folder");
        Self { dir }
    }

    fn path(&self) -> &str {
        self.dir.path().to_str().expect("a path in UTF-8")
    }

    fn server(&self, purpose: Purpose) -> LocalServer {
        LocalServer::new(self.dir.path().join(".postgres"), purpose, Settings::from_env())
    }
}

impl Drop for TestCheckout {
    fn drop(&mut self) {
        for purpose in [Purpose::Development, Purpose::Tests] {
            if let Err(error) = self.server(purpose).remove(&mut |_: &str| {}) {
                eprintln!("warning: failed to remove the server: {error}");
            }
        }
    }
}

#[test]
fn local_servers_and_servers_of_a_url_have_the_same_supported_versions() {
    assert_eq!(local_postgres::SUPPORTED_VERSIONS, seedbed_engine::SUPPORTED_VERSIONS);
}
