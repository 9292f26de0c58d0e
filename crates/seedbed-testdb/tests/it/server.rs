//! Which server the databases are on.

use std::process::{Command, Stdio};

use local_postgres::{Purpose, Server, Settings};
use seedbed_testdb::TestDatabase;

use crate::support::{NewChecksum, end, name_of, run, word, worker};

/// What a worker says that could not have a database.
fn refusal(environment: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "--nocapture", "workers::takes_a_database_and_waits"])
        .env("TESTDB_CHECKSUM", "refused")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_url_that_names_the_development_database_is_refused() {
    let url = TestDatabase::empty().await.url().to_owned();
    let said = refusal(&[("TEST_DATABASE_URL", &url), ("DATABASE_URL", &url)]);
    assert!(said.contains("TEST_DATABASE_URL names the development database"), "{said}");
    assert!(said.contains("hint: name the database postgres of a server for tests"), "{said}");
}

#[tokio::test]
async fn a_development_database_in_which_the_records_would_be_is_refused() {
    let db = TestDatabase::empty().await;
    let development = db.url().replace(name_of(&db), "postgres");
    let said = refusal(&[("TEST_DATABASE_URL", db.url()), ("DATABASE_URL", &development)]);
    assert!(said.contains("DATABASE_URL names the database postgres of the server"), "{said}");
    assert!(said.contains("hint: develop in another database"), "{said}");
}

#[test]
fn the_local_development_server_is_refused() {
    let checkout = Checkout::new();
    let server = checkout.server(Purpose::Development);
    let url = server.start(&mut |_: &str| {}).expect("it starts").url("postgres");
    let said = refusal(&[("TEST_DATABASE_URL", &url), ("CARGO_MANIFEST_DIR", checkout.path())]);
    assert!(said.contains("names the local development server"), "{said}");
}

#[test]
fn without_a_url_a_local_server_for_tests_is_started_and_shared() {
    let checkout = Checkout::new();
    let environment = [("TEST_DATABASE_URL", ""), ("CARGO_MANIFEST_DIR", checkout.path())];
    let checksum = NewChecksum::new();
    let mut both = [0, 1].map(|_| worker("takes_a_database_and_waits", &checksum, &environment));
    let runs: Vec<String> = both.iter_mut().map(|worker| word(worker, "runs ")).collect();
    assert!(runs.contains(&"0".to_owned()), "the migrations ran once for both: {runs:?}");
    let running = checkout.server(Purpose::Tests).start(&mut |_: &str| {}).expect("it runs");
    assert_eq!(running.start_outcome(), local_postgres::StartOutcome::AlreadyRunning);
    let socket = running.socket_dir().display().to_string();
    for worker in &mut both {
        assert!(word(worker, "url ").contains(&socket));
    }
    both.into_iter().for_each(end);
}

#[test]
fn what_a_migration_sets_for_the_database_reaches_the_clones_of_a_role_that_is_no_superuser() {
    let checkout = Checkout::new();
    let server = checkout.server(Purpose::Tests).start(&mut |_: &str| {}).expect("it starts");
    let url = server.url("postgres");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let owner = sea_orm::Database::connect(&url).await.expect("it runs");
        run(&owner, "CREATE ROLE maker LOGIN CREATEDB PASSWORD 'secret'").await;
        run(&owner, "GRANT CREATE ON DATABASE postgres TO maker").await;
    });
    let as_maker = format!("{url}&user=maker&password=secret");
    let environment = [("TEST_DATABASE_URL", as_maker.as_str())];
    let checksum = NewChecksum::new();
    let mut worker = worker("reads_what_a_migration_has_set", &checksum, &environment);
    let values = word(&mut worker, "values ");
    assert_eq!(values, "5MB|things, \"$user\", public|pg_catalog.dutch|for tests|CONNECT");
    assert_eq!(word(&mut worker, "superuser "), "off");
    end(worker);
}

#[test]
fn a_server_that_does_not_run_is_named() {
    let said = refusal(&[("TEST_DATABASE_URL", "postgres://ada:secret@127.0.0.1:1/postgres")]);
    assert!(said.contains("is the server of TEST_DATABASE_URL (127.0.0.1:1) running?"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

/// A folder that is a workspace, with local servers that go with it.
struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("Cargo.lock"), "").expect("it can be written");
        Self { folder }
    }

    fn path(&self) -> &str {
        self.folder.path().to_str().expect("it is text")
    }

    fn server(&self, purpose: Purpose) -> Server {
        Server::new(self.folder.path().join(".postgres"), purpose, Settings::from_env())
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        for purpose in [Purpose::Development, Purpose::Tests] {
            if let Err(error) = self.server(purpose).remove(&mut |_: &str| {}) {
                eprintln!("could not remove the server: {error}");
            }
        }
    }
}

#[test]
fn the_server_that_is_started_and_the_one_that_is_named_are_supported_alike() {
    assert_eq!(local_postgres::SUPPORTED_VERSIONS, seedbed_engine::SUPPORTED_VERSIONS);
}
