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
    /// The folder for the data of the checkout's server.
    server_data: TempDir,
    database: Option<TestDatabase>,
}

impl Checkout {
    pub(crate) fn new() -> Self {
        // Without rustfmt, `seedbed` would write unformatted files. The tests expect formatted files.
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

    /// Returns the command `seedbed` in this checkout. The only variables that choose a server or a database are those
    /// of the checkout.
    pub(crate) fn seedbed(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_seedbed"));
        command.args(arguments);
        command
    }

    /// Returns the URL of the database of [`with_database`].
    pub(crate) fn database_url(&self) -> &str {
        self.database.as_ref().map_or("", TestDatabase::url)
    }

    /// Returns the command for a program in this checkout, with the same variables as [`seedbed`](Self::seedbed).
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

    /// Returns the URL of the database on the server of all tests.
    pub(crate) fn url(&self) -> String {
        self.database.as_ref().unwrap().url().to_owned()
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
            // The folder of psql is searched only once, because the search runs half a dozen programs and takes longer
            // than the rest of each command.
            command.env("SEEDBED_PG_BIN", binaries());
        }
        // Without this, a server of root would leave its data in /var/lib after the test.
        command.env("SEEDBED_PG_DIR", self.server_data.path().join("data-dirs"));
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

/// A migrator that prints the name of a database as if it had created it, and keeps a record of its arguments and its end.
const MIGRATOR: &str = "#!/bin/sh\necho \"$*\" >>migrator.log\necho \"$DATABASE_NAME\"\ncat >/dev/null\necho dropped >>migrator.log\n";

/// A checkout whose migrator is a stand-in: the stand-in prints the name of the checkout's own database.
pub(crate) struct MigratedCheckout {
    pub(crate) checkout: Checkout,
    programs: PathBuf,
    database_name: String,
}

impl MigratedCheckout {
    /// Creates a checkout whose migrations create the objects of the SQL.
    pub(crate) fn new(sql: &str) -> Self {
        Self::with_migrator(sql, MIGRATOR)
    }

    /// Creates a checkout as [`new`](Self::new) does, with another stand-in.
    pub(crate) fn with_migrator(sql: &str, migrator: &str) -> Self {
        let checkout = with_database(sql);
        let programs = checkout.path("programs");
        fs::create_dir_all(&programs).unwrap();
        fs::write(programs.join("draft"), migrator).unwrap();
        // Another process writes the program. If this process wrote it, a test that starts another program at the same
        // time would make the file busy.
        let install = |from: &Path, name: &str| {
            let to = programs.join(name);
            succeed(Command::new("install").args(["-m", "755"]).args([from, &to]));
        };
        install(Path::new(env!("CARGO_BIN_EXE_seedbed")), "seedbed");
        install(&programs.join("draft"), "migrator-without-seeds");
        let name =
            succeed(&mut checkout.seedbed(&["db-psql", "-XAtqc", "SELECT current_database()"]));
        Self { checkout, programs, database_name: name.trim().to_owned() }
    }

    /// Returns the command `seedbed make`, which assumes that the migrator is built.
    pub(crate) fn make(&self, arguments: &[&str]) -> Command {
        let mut command = self.checkout.command(self.programs.join("seedbed"));
        command.arg("make").args(arguments).env("DATABASE_NAME", &self.database_name);
        command
    }

    /// Returns the command of [`make`](Self::make), for a test that sends it signals.
    pub(crate) fn make_child(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(self.programs.join("seedbed"));
        command.arg("make").args(arguments).current_dir(self.checkout.root());
        command.env("DATABASE_NAME", &self.database_name).env_remove("APP_ENV");
        command.env("DATABASE_URL", self.checkout.url());
        command
    }

    /// Returns the record of the stand-in.
    pub(crate) fn migrator_log(&self) -> String {
        fs::read_to_string(self.checkout.path("migrator.log")).unwrap_or_default()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.checkout.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.checkout.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
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

/// Runs a command that must succeed and returns its stdout.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    stdout(&output)
}

/// Runs a command that must fail without printing data. Returns its exit code and stderr.
pub(crate) fn fail(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    assert_eq!(stdout(&output), "");
    (output.status.code().unwrap(), stderr(&output))
}
