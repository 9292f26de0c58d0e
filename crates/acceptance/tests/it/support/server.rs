//! A PostgreSQL server that one test has for itself, and the programs of the distribution.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use local_postgres::{Binaries, Settings};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;
use test_support::{
    Deadline, as_server_user, clear_environment, eventually, give_to_server_user, memory_or_disk,
};

/// A program that refuses root, as PostgreSQL and PgBouncer do: for root it runs as `postgres`.
pub(crate) struct Program;

impl Program {
    /// The command, as a user who is not root, with nothing of our environment but the PATH.
    pub(crate) fn command(program: impl AsRef<Path>, dir: &Path) -> Command {
        let mut command = Command::new(program.as_ref());
        clear_environment(&mut command).current_dir(dir).env("LC_ALL", "C").stdin(Stdio::null());
        as_server_user(&mut command);
        command
    }

    /// A folder that this user may write to.
    pub(crate) fn folder() -> TempDir {
        let folder = tempfile::Builder::new()
            .prefix("seedbed-it-")
            .permissions(std::fs::Permissions::from_mode(0o700))
            .tempdir_in(memory_or_disk())
            .expect("a folder");
        Self::own(folder.path());
        folder
    }

    /// Gives the file to this user.
    pub(crate) fn own(path: &Path) {
        give_to_server_user(path);
    }

    /// A port that nobody listens on.
    pub(crate) fn free_port() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
        listener.local_addr().expect("it is bound").port()
    }
}

/// A server of its own: stopped and removed when dropped.
pub(crate) struct OwnServer {
    bin: PathBuf,
    folder: TempDir,
    port: u16,
}

impl OwnServer {
    /// Makes a cluster and starts it on a loopback port, where everybody is trusted. `settings` are
    /// lines of `postgresql.conf`.
    pub(crate) fn start(settings: &str) -> Self {
        let binaries = match Binaries::find(&Settings::from_env(), None) {
            Ok(binaries) => binaries,
            Err(error) => panic!("this test starts a server of its own: {error}"),
        };
        let bin = binaries.dir().to_path_buf();
        let folder = Program::folder();
        let port = Program::free_port();
        let server = Self { bin, folder, port };
        server.make_cluster(&binaries.version().to_string());
        let conf = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
             fsync = off\nshared_buffers = '16MB'\nmax_connections = 30\n{settings}\n"
        );
        let file = server.folder.path().join("data/postgresql.auto.conf");
        std::fs::write(file, conf).expect("a file in the cluster");
        server.start_again();
        server
    }

    /// Copies a new cluster, which `initdb` makes once for each version of PostgreSQL: it takes ten times as long as a copy.
    fn make_cluster(&self, version: &str) {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let new = all.join(format!("new-cluster-{version}"));
        if new.exists() {
            return copy(&new, &self.data());
        }
        let args = "-D data -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync";
        self.pg("initdb", &args.split(' ').collect::<Vec<_>>());
        let unfinished = tempfile::tempdir_in(all).expect("a folder below target");
        copy(&self.data(), &unfinished.path().join("data"));
        // Another test may have been first, and then this fails.
        std::fs::rename(unfinished.path().join("data"), new).ok();
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its cluster.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts it once more; after a kill it recovers first.
    pub(crate) fn start_again(&self) {
        let deadline = Deadline::new();
        loop {
            let started =
                self.try_pg("pg_ctl", &["-D", "data", "-l", "log", "-w", "-t", "3600", "start"]);
            if started.status.success() {
                return;
            }
            // Sessions of a killed postmaster end as soon as they notice, and until then it does not start.
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            let remnants = log.contains("pre-existing shared memory block");
            assert!(remnants, "the server does not start:\n{log}");
            deadline.check(|| format!("the server does not start:\n{log}"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The process id of the postmaster.
    pub(crate) fn pid(&self) -> Pid {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("it runs");
        let pid = file.lines().next().and_then(|line| line.parse().ok()).and_then(Pid::from_raw);
        pid.expect("the first line is the id")
    }

    /// `kill -9` of the postmaster. Its sessions go on until they notice.
    pub(crate) fn kill(&self) {
        self.end(Signal::KILL);
    }

    /// An immediate shutdown: no session ends in order, and the next start recovers.
    pub(crate) fn stop_at_once(&self) {
        self.end(Signal::QUIT);
    }

    fn end(&self, signal: Signal) {
        let pid = self.pid();
        kill_process(pid, signal).expect("it runs");
        eventually("the postmaster ends", || test_kill_process(pid).is_err());
    }

    fn pg(&self, program: &str, args: &[&str]) {
        let output = self.try_pg(program, args);
        assert!(output.status.success(), "{program}: {output:?}");
    }

    fn try_pg(&self, program: &str, args: &[&str]) -> Output {
        // Into files and not pipes: the server that pg_ctl starts would hold a pipe open.
        let file = std::fs::File::create(self.folder.path().join("output")).expect("a file");
        let status = Program::command(self.bin.join(program), self.folder.path())
            .args(args)
            .stdout(file.try_clone().expect("the file again"))
            .stderr(file)
            .status()
            .expect("the program runs");
        let stderr = std::fs::read(self.folder.path().join("output")).expect("the file");
        Output { status, stdout: Vec::new(), stderr }
    }
}

/// Copies a folder, and to whom it belongs.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().expect("cp");
    assert!(copied.success(), "cp fails");
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let stopped =
            self.try_pg("pg_ctl", &["-D", "data", "-m", "immediate", "-w", "-t", "3600", "stop"]);
        if !stopped.status.success() && self.data().join("postmaster.pid").exists() {
            eprintln!("the test's server may be left behind: {}", self.folder.path().display());
        }
    }
}
