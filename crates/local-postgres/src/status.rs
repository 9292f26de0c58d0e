//! The states of a server, and a handle to a running server.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::layout::DataDir;
use crate::postmaster::PidFile;
use crate::{Binaries, socket};

/// The state of a server.
///
/// ```text
///            start              stop, crash
///  Absent ───────────► Running ◄───────────► Stopped
///     ▲                   │        start        │
///     └───────────────────┴─────────────────────┘
///                       remove
/// ```
#[derive(Debug, Clone)]
pub enum ServerStatus {
    /// The server answers on its socket.
    Running(RunningServer),
    /// The cluster exists, but no server answers.
    Stopped {
        /// The folder of the cluster.
        cluster_dir: PathBuf,
    },
    /// The cluster does not exist.
    Absent,
}

/// The outcome of [`LocalServer::start`](crate::LocalServer::start).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartOutcome {
    /// The server was already running.
    AlreadyRunning,
    /// This call has started the server.
    Started,
}

/// The outcome of [`LocalServer::stop`](crate::LocalServer::stop).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopOutcome {
    /// No server was running.
    NotRunning,
    /// This call has stopped the server, and its process has ended.
    Stopped,
}

/// A server that answers on its socket.
#[derive(Debug, Clone)]
pub struct RunningServer {
    socket_dir: PathBuf,
    pid: i32,
    log: PathBuf,
    start_outcome: StartOutcome,
    /// Whether the cluster was moved since the server started.
    is_cluster_moved: bool,
}

impl RunningServer {
    pub(crate) fn new(
        data_dir: &DataDir,
        socket_dir: PathBuf,
        file: &PidFile,
        start_outcome: StartOutcome,
    ) -> Self {
        Self {
            socket_dir,
            pid: file.pid,
            log: data_dir.log(),
            start_outcome,
            is_cluster_moved: file.is_cluster_moved(data_dir),
        }
    }

    /// Returns the URL of a database on this server. The database need not exist.
    ///
    /// libpq, sqlx and the `url` crate understand the URL. It contains no password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        socket::url(&self.socket_dir, database)
    }

    /// Returns the folder of the server's socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Returns the process id of the postmaster, which is the parent of all processes of the server.
    #[must_use]
    pub const fn pid(&self) -> i32 {
        self.pid
    }

    /// Returns the path of the server's log file.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Returns whether [`LocalServer::start`](crate::LocalServer::start) has started this server or found it running.
    #[must_use]
    pub const fn start_outcome(&self) -> StartOutcome {
        self.start_outcome
    }

    /// Returns whether the cluster was moved since the server started, so that the server has to be started again.
    pub(crate) const fn is_cluster_moved(&self) -> bool {
        self.is_cluster_moved
    }

    /// Returns a command that runs `psql` on a database of this server.
    ///
    /// The connection is in the environment of the command, which has no arguments yet. An argument such as
    /// `-d other` selects another database of the same server.
    #[must_use]
    pub fn psql(&self, binaries: &Binaries, database: &str) -> Command {
        let mut command = Command::new(binaries.psql());
        for name in ["PGHOSTADDR", "PGSERVICE", "PGPASSWORD", "PGSSLMODE"] {
            command.env_remove(name);
        }
        command
            .env("PGHOST", &self.socket_dir)
            .env("PGPORT", socket::PORT.to_string())
            .env("PGUSER", socket::ROLE)
            .env("PGDATABASE", database);
        command
    }
}
