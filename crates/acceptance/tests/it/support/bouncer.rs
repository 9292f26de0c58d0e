//! PgBouncer, as Debian packages it, in front of a server.

use std::net::TcpStream;
use std::process::{Child, Stdio};

use tempfile::TempDir;
use test_support::{eventually, require_program};

use super::{OwnServer, Program};

/// A pooler; stopped when dropped.
pub(crate) struct Bouncer {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Bouncer {
    /// Starts one with its defaults, in that pool mode; `settings` are more lines of its section.
    pub(crate) fn start(server: &OwnServer, mode: &str, settings: &str) -> Self {
        let program =
            require_program("pgbouncer", "apt-get install pgbouncer, or brew install pgbouncer");
        let folder = Program::folder();
        let port = Program::free_port();
        let users = folder.path().join("users.txt");
        std::fs::write(&users, "\"postgres\" \"\"\n").expect("a file");
        let file = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\nadmin_users = postgres\npool_mode = {mode}\n\
             logfile = {}\n{settings}\n",
            server.port(),
            users.display(),
            folder.path().join("log").display(),
        );
        std::fs::write(&file, text).expect("a file");
        Program::own(&users);
        Program::own(&file);
        let child = Program::command(program, folder.path())
            .arg("-q")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let bouncer = Self { child, port, folder };
        eventually("pgbouncer listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        bouncer
    }

    /// The URL of a database through it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// What it says, for the message of a test that fails.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        // It keeps nothing that would need an orderly end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
