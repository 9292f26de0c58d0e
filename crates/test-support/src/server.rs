//! A PostgreSQL server that only one test uses.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::cluster::TestCluster;
use crate::deadline::{Deadline, eventually};

/// The settings with which a server needs little memory.
const SMALL: &str = "shared_buffers = '16MB'\nmax_connections = 30";

/// A server, which is stopped and removed when the value is dropped.
#[derive(Debug)]
pub struct TestServer {
    cluster: TestCluster,
}

impl TestServer {
    /// Creates a cluster and starts its server, which trusts every client, on a loopback port. `settings` are lines of
    /// `postgresql.conf`.
    ///
    /// # Panics
    /// Panics if there are no server programs, or if they fail.
    #[must_use]
    pub fn start(settings: &str) -> Self {
        let cluster = TestCluster::create(&format!("{SMALL}\n{settings}"));
        let cluster = cluster.unwrap_or_else(|error| panic!("this test starts a server: {error}"));
        let server = Self { cluster };
        server.start_again();
        server
    }

    /// Returns the URL of a database of the server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Returns the port of the server.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.cluster.port()
    }

    /// Returns the directory of the server's cluster.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.cluster.data_dir()
    }

    /// Starts the server after it was stopped or killed.
    ///
    /// # Panics
    /// Panics if the server does not start.
    pub fn start_again(&self) {
        let deadline = Deadline::new();
        while !self.pg_ctl(&["-l", "log", "start"]).is_ok_and(|status| status.success()) {
            // The server does not start before the sessions of a killed postmaster have noticed the loss and ended.
            let log = self.cluster.log();
            let remnants = log.contains("pre-existing shared memory block");
            assert!(remnants, "the server does not start:\n{log}");
            deadline.check(|| format!("the server does not start:\n{log}"));
            sleep(Duration::from_millis(50));
        }
    }

    /// Returns the process id of the postmaster.
    ///
    /// # Panics
    /// Panics if the server does not run.
    #[must_use]
    pub fn pid(&self) -> Pid {
        let file = std::fs::read_to_string(self.data_dir().join("postmaster.pid"));
        let file = file.expect("the server runs");
        let pid = file.lines().next().and_then(|line| line.parse().ok()).and_then(Pid::from_raw);
        pid.expect("the first line is the id")
    }

    /// Kills the postmaster by SIGKILL. Its sessions go on until they notice the loss.
    pub fn kill(&self) {
        self.end(Signal::KILL);
    }

    /// Shuts the server down in the mode `immediate`: its sessions end at once, and the server recovers at its next start.
    pub fn stop_at_once(&self) {
        self.end(Signal::QUIT);
    }

    fn end(&self, signal: Signal) {
        let pid = self.pid();
        kill_process(pid, signal).expect("the server runs");
        eventually("the postmaster ends", || test_kill_process(pid).is_err());
    }

    fn pg_ctl(&self, args: &[&str]) -> io::Result<ExitStatus> {
        // The output goes to a file and not to a pipe, because the server that pg_ctl starts would hold a pipe open.
        let output = File::create(self.cluster.dir().join("output"))?;
        let mut command = self.cluster.command("pg_ctl");
        command.args(["-D", "data", "-w", "-t", "3600"]).args(args);
        command.stdout(output.try_clone()?).stderr(output).status()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let is_stopped =
            self.pg_ctl(&["-m", "immediate", "stop"]).is_ok_and(|status| status.success());
        if !is_stopped && self.data_dir().join("postmaster.pid").exists() {
            let dir = self.cluster.dir().display();
            eprintln!("warning: failed to stop the server in {dir}");
        }
    }
}
