//! A folder with checkouts, whose servers end with it.

use std::cell::RefCell;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use local_postgres::{Binaries, Error, Purpose, Running, Server, Settings, Status};
use tempfile::TempDir;
use test_support::fast_temp_dir;

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The servers of the test. Without PostgreSQL on this machine the test fails, and says what to install.
pub(crate) fn binaries() -> Binaries {
    Binaries::find(&Settings::from_env(), None).unwrap_or_else(|error| {
        panic!("{error}\nhint: {}", error.hint().unwrap_or_default());
    })
}

/// A machine with checkouts. For root each of them is closed to everybody else, also to the user as
/// whom the server runs.
pub(crate) struct Machine {
    folder: TempDir,
    used: RefCell<Vec<Server>>,
}

impl Machine {
    pub(crate) fn new() -> Self {
        binaries();
        let folder = open_folder(fast_temp_dir());
        Self { folder, used: RefCell::default() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Root's servers live below a folder of this machine, others in the checkout.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        settings.bin = Settings::from_env().bin;
        settings.dir = is_root().then(|| self.path("areas"));
        settings
    }

    /// Always below a folder outside of the checkout, as root's are.
    pub(crate) fn settings_elsewhere(&self) -> Settings {
        let mut settings = self.settings();
        settings.dir = Some(self.path("areas"));
        settings
    }

    pub(crate) fn server(&self, checkout: &str) -> Server {
        self.server_for(checkout, Purpose::Development, self.settings())
    }

    pub(crate) fn server_for(
        &self,
        checkout: &str,
        purpose: Purpose,
        settings: Settings,
    ) -> Server {
        let checkout = self.path(checkout);
        fs::create_dir_all(&checkout).unwrap();
        fs::set_permissions(&checkout, Permissions::from_mode(0o700)).unwrap();
        let server = Server::new(checkout.join(".postgres"), purpose, settings);
        self.used.borrow_mut().push(server.clone());
        server
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        for server in self.used.borrow().iter() {
            if let Err(error) = server.remove(&mut |_: &str| {}) {
                eprintln!("a server may still run: {error}");
            }
        }
    }
}

/// A folder that everybody may enter.
pub(crate) fn open_folder(place: &Path) -> TempDir {
    let folder = tempfile::Builder::new().prefix("lp-").tempdir_in(place).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

pub(crate) fn start(server: &Server) -> Running {
    try_start(server).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn try_start(server: &Server) -> Result<Running, Error> {
    server.start(&mut |line: &str| eprintln!("{line}"))
}

pub(crate) fn stop(server: &Server) {
    server.stop(&mut |line: &str| eprintln!("{line}")).unwrap();
}

/// The folder of the cluster, whose server is stopped.
pub(crate) fn data(server: &Server) -> PathBuf {
    match server.status().unwrap() {
        Status::Stopped { data } => data,
        other => panic!("expected a stopped server, found {other:?}"),
    }
}

/// Runs one statement in the database `postgres` and returns what psql prints.
pub(crate) fn sql(running: &Running, statement: &str) -> String {
    let mut psql = running.psql(&binaries(), "postgres");
    let output = psql.args(["-XAtqc", statement]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{statement}: {error}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A command that runs as the owner of `path`.
pub(crate) fn as_owner_of(path: &Path, program: &str) -> Command {
    let meta = fs::metadata(path).unwrap();
    let mut command = Command::new(program);
    if is_root() {
        command.uid(meta.uid()).gid(meta.gid());
    }
    command
}

pub(crate) fn kill(running: &Running) {
    let pid = rustix::process::Pid::from_raw(running.pid()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
