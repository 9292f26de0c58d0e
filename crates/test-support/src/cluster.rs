//! A PostgreSQL cluster (the data directory of a server) that only one test uses.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use local_postgres::{Binaries, Settings};
use tempfile::TempDir;

use crate::server_program::{free_port, server_command, server_dir};

/// The arguments of `initdb`.
const INITDB: &str = "-D data -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync";

/// A cluster whose server trusts every client, on a loopback port. The cluster is removed when the value is dropped.
#[derive(Debug)]
pub struct TestCluster {
    bin: PathBuf,
    dir: TempDir,
    port: u16,
}

impl TestCluster {
    /// Creates a cluster. `settings` are lines of `postgresql.conf`.
    ///
    /// # Errors
    /// Fails if there are no server programs, or if they fail.
    pub fn create(settings: &str) -> io::Result<Self> {
        let binaries = Binaries::find(&Settings::from_env(), None).map_err(io::Error::other)?;
        let bin = binaries.dir().to_path_buf();
        let cluster = Self { bin, dir: server_dir()?, port: free_port() };
        cluster.create_data(&binaries.version().to_string())?;
        // `fsync` is off, because no test crashes the operating system. A commit that is in the operating system's cache
        // survives a crash of the server's processes.
        let port = cluster.port;
        let file = cluster.data_dir().join("postgresql.auto.conf");
        std::fs::write(
            file,
            format!(
                "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
                 fsync = off\n{settings}\n"
            ),
        )?;
        Ok(cluster)
    }

    /// Creates the data directory as a copy of a template in cargo's target directory. `initdb` creates the template once for
    /// each version of PostgreSQL, since it takes ten times as long as a copy.
    fn create_data(&self, version: &str) -> io::Result<()> {
        let Some(tmp) = target_dir().map(|target| target.join("tmp")) else {
            return self.initdb();
        };
        let template = tmp.join(format!("new-cluster-{version}"));
        if template.exists() {
            return copy(&template, &self.data_dir());
        }
        self.initdb()?;
        std::fs::create_dir_all(&tmp)?;
        let unfinished = tempfile::tempdir_in(&tmp)?;
        copy(&self.data_dir(), &unfinished.path().join("data"))?;
        // This fails if another test has created the template in the meantime.
        std::fs::rename(unfinished.path().join("data"), template).ok();
        Ok(())
    }

    fn initdb(&self) -> io::Result<()> {
        let output = self.command("initdb").args(INITDB.split(' ')).output()?;
        if output.status.success() {
            return Ok(());
        }
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io::Error::other(format!("initdb failed: {message}")))
    }

    /// Returns a command that runs a program of the server in the directory above the cluster, in which the cluster is
    /// `data`.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        server_command(&self.bin.join(program), self.dir())
    }

    /// Returns the directory above the cluster. The server writes its log into the file `log` there.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Returns the directory of the cluster.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.dir().join("data")
    }

    /// Returns the log of the server.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir().join("log")).unwrap_or_default()
    }

    /// Returns the port of the server.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the URL of a database of the server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

/// Returns cargo's target directory: the directory above this program that has a `CACHEDIR.TAG`.
fn target_dir() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().find(|dir| dir.join("CACHEDIR.TAG").exists()).map(Path::to_path_buf)
}

/// Copies a directory. The copies of its files have the same owners.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let status = Command::new("cp").arg("-a").args([from, to]).stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("cp failed")) }
}
