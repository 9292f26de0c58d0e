//! Starts PgBouncer, as packaged by Debian, in front of a server.

use std::net::TcpStream;
use std::process::{Child, Stdio};

use tempfile::TempDir;

use crate::deadline::eventually;
use crate::program::require_program;
use crate::server::TestServer;
use crate::server_program::{free_port, give_to_server_user, server_command, server_dir};

/// A pooler, which is stopped when dropped.
#[derive(Debug)]
pub struct Bouncer {
    child: Child,
    port: u16,
    dir: TempDir,
}

impl Bouncer {
    /// Starts PgBouncer with its defaults in the given pool mode. `settings` are more lines of the section `[pgbouncer]` of
    /// its configuration.
    ///
    /// # Panics
    /// Panics if PgBouncer is not installed, or does not start.
    #[must_use]
    pub fn start(server: &TestServer, mode: &str, settings: &str) -> Self {
        let program =
            require_program("pgbouncer", "apt-get install pgbouncer, or brew install pgbouncer");
        let dir = server_dir().expect("a directory");
        let port = free_port();
        let users = dir.path().join("users.txt");
        std::fs::write(&users, "\"postgres\" \"\"\n").expect("a file");
        let file = dir.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\nadmin_users = postgres\npool_mode = {mode}\n\
             logfile = {}\n{settings}\n",
            server.port(),
            users.display(),
            dir.path().join("log").display(),
        );
        std::fs::write(&file, text).expect("a file");
        give_to_server_user(&users);
        give_to_server_user(&file);
        let child = server_command(&program, dir.path())
            .arg("-q")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let bouncer = Self { child, port, dir };
        eventually("pgbouncer listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        bouncer
    }

    /// Returns the URL of a database through the pooler.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Returns the log of PgBouncer, for the message of a test that fails.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        // PgBouncer has no state on disk, so it need not shut down in order.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
