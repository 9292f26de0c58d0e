//! A temporary checkout without scripts, which stops its server or drops its database at the end.

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
    /// The folder for the data of its server.
    server_data: TempDir,
    database: Option<TestDatabase>,
}

impl Checkout {
    pub(crate) fn new() -> Self {
        // Without rustfmt, `seedbed` would write unformatted files. The tests expect formatted ones.
        let _ = require_program("rustfmt", "rustup component add rustfmt");
        let open_folder = |place: &Path| {
            let folder = tempfile::Builder::new().prefix("sb-").tempdir_in(place).unwrap();
            fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
            folder
        };
        let (folder, server_data) = (open_folder(Path::new("/tmp")), open_folder(fast_temp_dir()));
        let checkout = Self { folder, server_data, database: None };
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

    /// Returns the command `seedbed` in this checkout, with no variable set except those that choose the PostgreSQL.
    pub(crate) fn seedbed(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_seedbed"));
        command.args(arguments);
        command
    }

    /// Returns the URL of the database of [`with_database`].
    pub(crate) fn database_url(&self) -> &str {
        self.database.as_ref().map_or("", TestDatabase::url)
    }

    /// Returns a program that runs in this checkout, without the variables that choose a database.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        self.prepare(&mut command);
        command
    }

    /// Returns a shell in this checkout, with `seedbed` on the PATH.
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
            // The folder is searched only once, because the search runs half a dozen programs, and would take each command
            // longer than everything else.
            command.env("SEEDBED_PG_BIN", binaries());
        }
        // Without this, a server of root would leave its data in /var/lib after the test.
        command.env("SEEDBED_PG_DIR", self.server_data.path().join("areas"));
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

/// Returns the folder of psql. Without PostgreSQL on this machine, fails the test with a hint.
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

/// Creates a checkout whose `DATABASE_URL` names a database on the server of all tests, and runs the SQL in it.
pub(crate) fn with_database(sql: &str) -> Checkout {
    let mut checkout = Checkout::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    checkout.database = Some(runtime.block_on(TestDatabase::empty()));
    psql(&checkout, sql);
    checkout
}

/// Creates a checkout with its own server, and runs the SQL in its development database.
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

/// Returns stderr without the line that names the database. See also [`full_stderr`].
pub(crate) fn stderr(output: &Output) -> String {
    let text = full_stderr(output);
    match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("database: ") => rest.to_owned(),
        _ => text,
    }
}

pub(crate) fn full_stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs a command that has to succeed and returns its stdout.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    stdout(&output)
}

/// Runs a command that has to fail without printing data. Returns its exit code and stderr.
pub(crate) fn fail(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    assert_eq!(stdout(&output), "");
    (output.status.code().unwrap(), stderr(&output))
}
