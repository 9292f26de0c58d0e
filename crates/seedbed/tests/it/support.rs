//! A checkout without scripts, whose server or database ends with it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::LazyLock;

use assert_cmd::Command;
use local_postgres::{Binaries, Settings};
use seedbed_testdb::TestDatabase;
use tempfile::TempDir;
use test_support::{fast_temp_dir, require_program, test_timeout};

pub(crate) const MIGRATIONS: &str = "apps/backend/tools/rds/src/migrations";
pub(crate) const SEEDS: &str = "apps/backend/tools/rds/src/seeds";

pub(crate) struct Checkout {
    folder: TempDir,
    /// Where its server has its data.
    areas: TempDir,
    database: Option<TestDatabase>,
}

impl Checkout {
    pub(crate) fn new() -> Self {
        // Without it `seedbed` writes what is then not formatted, and says so; the tests expect what is.
        let _ = require_program("rustfmt", "rustup component add rustfmt");
        let open_folder = |place: &Path| {
            let folder = tempfile::Builder::new().prefix("sb-").tempdir_in(place).unwrap();
            fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
            folder
        };
        let (folder, areas) = (open_folder(Path::new("/tmp")), open_folder(fast_temp_dir()));
        let checkout = Self { folder, areas, database: None };
        for scripts in [MIGRATIONS, SEEDS] {
            fs::create_dir_all(checkout.path(scripts)).unwrap();
        }
        checkout
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// `seedbed` in this checkout, on a machine where nothing is set but which PostgreSQL to use.
    pub(crate) fn seedbed(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_seedbed"));
        command.args(arguments);
        command
    }

    /// Returns a program that runs in this checkout, without the variables that choose a database.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        self.prepare(&mut command);
        command
    }

    /// A shell in this checkout, in which `seedbed` is on the PATH.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let mut command = self.command("bash");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_seedbed"));
        let path = std::env::var("PATH").unwrap_or_default();
        let folder = program.parent().unwrap().display();
        command.env("PATH", format!("{folder}:{path}")).args(["-c", script]);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.root()).timeout(test_timeout());
        for name in [
            "APP_ENV",
            "DATABASE_URL",
            "TEST_DATABASE_URL",
            "SEEDBED_PG_USER",
            "SEEDBED_SERVICE_URL",
            "SEEDBED_TEST_SERVICE_URL",
        ] {
            command.env_remove(name);
        }
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database.url());
            // Found once: each command would ask half a dozen programs where psql is, which takes it longer than
            // all else that it does.
            command.env("SEEDBED_PG_BIN", binaries());
        }
        // What root's servers leave in /var/lib would outlive the test.
        command.env("SEEDBED_PG_DIR", self.areas.path().join("areas"));
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        if self.path(".postgres").exists() {
            let output = self.seedbed(&["db-stop"]).output();
            if !output.as_ref().is_ok_and(|output| output.status.success()) {
                eprintln!("a server may still run: {output:?}");
            }
        }
    }
}

/// The folder of psql. Without PostgreSQL on this machine the test fails, and says what to install.
fn binaries() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let found = Binaries::find(&Settings::default(), None);
        let found = found.unwrap_or_else(|error| {
            panic!("this test needs psql: {error}\nhint: {}", error.hint().unwrap_or_default())
        });
        found.dir().to_path_buf()
    });
    &FOLDER
}

/// A checkout whose `DATABASE_URL` names a database, on the server of all tests, in which those tables are made,
/// whatever the migrations say.
pub(crate) fn with_database(sql: &str) -> Checkout {
    let mut checkout = Checkout::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    checkout.database = Some(runtime.block_on(TestDatabase::empty()));
    psql(&checkout, sql);
    checkout
}

/// The same with a server of its own, which each test that has one makes, starts and stops.
pub(crate) fn with_own_server(sql: &str) -> Checkout {
    let checkout = Checkout::new();
    let create = "CREATE DATABASE seedbed_development";
    succeed(&mut checkout.seedbed(&["db-psql", "-d", "postgres", "-Xqc", create]));
    psql(&checkout, sql);
    checkout
}

pub(crate) fn psql(checkout: &Checkout, sql: &str) {
    succeed(&mut checkout.seedbed(&["db-psql", "-Xqc", sql]));
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Standard error behind the line that names the database; tests of that line read all of it.
pub(crate) fn stderr(output: &Output) -> String {
    let text = all_of_stderr(output);
    match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("database: ") => rest.to_owned(),
        _ => text,
    }
}

pub(crate) fn all_of_stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Standard output of a command that has to succeed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    stdout(&output)
}

/// Exit code and standard error of a command that has to fail, and to print no data.
pub(crate) fn fail(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    assert_eq!(stdout(&output), "");
    (output.status.code().unwrap(), stderr(&output))
}
