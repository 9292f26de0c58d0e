//! A folder with checkouts, whose servers are removed with it.

use std::cell::RefCell;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use local_postgres::{
    Binaries, Error, LocalServer, Purpose, RunningServer, ServerStatus, Settings,
};
use tempfile::TempDir;
use test_support::fast_temp_dir;

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Returns the PostgreSQL programs of this machine. If there are none, the test fails with a hint about the packages to
/// install.
pub(crate) fn binaries() -> Binaries {
    Binaries::find(&Settings::from_env(), None).unwrap_or_else(|error| {
        panic!("{error}\nhint: {}", error.hint().unwrap_or_default());
    })
}

/// A folder that stands for a machine with checkouts. The checkouts of root are closed to all other users, including
/// the user that the server runs as.
pub(crate) struct TestMachine {
    folder: TempDir,
    servers: RefCell<Vec<LocalServer>>,
}

impl TestMachine {
    pub(crate) fn new() -> Self {
        binaries();
        let folder = traversable_folder(fast_temp_dir());
        Self { folder, servers: RefCell::default() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns settings that keep the data of root's servers in this folder. Other users keep the data in the checkout.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        settings.bin_dir = Settings::from_env().bin_dir;
        settings.base_dir = is_root().then(|| self.path("data-dirs"));
        settings
    }

    /// Returns settings that keep the data outside of the checkout for every user, as for root.
    pub(crate) fn settings_outside_checkout(&self) -> Settings {
        let mut settings = self.settings();
        settings.base_dir = Some(self.path("data-dirs"));
        settings
    }

    pub(crate) fn server(&self, checkout: &str) -> LocalServer {
        self.server_for(checkout, Purpose::Development, self.settings())
    }

    pub(crate) fn server_for(
        &self,
        checkout: &str,
        purpose: Purpose,
        settings: Settings,
    ) -> LocalServer {
        let checkout = self.path(checkout);
        fs::create_dir_all(&checkout).unwrap();
        fs::set_permissions(&checkout, Permissions::from_mode(0o700)).unwrap();
        let server = LocalServer::new(checkout.join(".postgres"), purpose, settings);
        self.servers.borrow_mut().push(server.clone());
        server
    }
}

impl Drop for TestMachine {
    fn drop(&mut self) {
        for server in self.servers.borrow().iter() {
            if let Err(error) = server.remove(&mut |_: &str| {}) {
                eprintln!("failed to remove a server: {error}");
            }
        }
    }
}

/// Creates a folder that every user can enter.
pub(crate) fn traversable_folder(parent: &Path) -> TempDir {
    let folder = tempfile::Builder::new().prefix("lp-").tempdir_in(parent).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

pub(crate) fn start(server: &LocalServer) -> RunningServer {
    try_start(server).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn try_start(server: &LocalServer) -> Result<RunningServer, Error> {
    server.start(&mut |line: &str| eprintln!("{line}"))
}

pub(crate) fn stop(server: &LocalServer) {
    server.stop(&mut |line: &str| eprintln!("{line}")).unwrap();
}

/// Returns the folder of the cluster of a stopped server.
pub(crate) fn cluster_dir(server: &LocalServer) -> PathBuf {
    match server.status().unwrap() {
        ServerStatus::Stopped { cluster_dir } => cluster_dir,
        other => panic!("expected a stopped server, found {other:?}"),
    }
}

/// Runs a statement in the database `postgres` and returns the output of psql.
pub(crate) fn sql(running: &RunningServer, statement: &str) -> String {
    let mut psql = running.psql(&binaries(), "postgres");
    let output = psql.args(["-XAtqc", statement]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{statement}: {error}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Returns a command that runs as the owner of `path`.
pub(crate) fn as_owner_of(path: &Path, program: &str) -> Command {
    let metadata = fs::metadata(path).unwrap();
    let mut command = Command::new(program);
    if is_root() {
        command.uid(metadata.uid()).gid(metadata.gid());
    }
    command
}

pub(crate) fn kill(running: &RunningServer) {
    let pid = rustix::process::Pid::from_raw(running.pid()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
