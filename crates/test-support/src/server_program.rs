//! Runs the programs of a server for tests: with the right user, in a directory of the test, and on a free port.

use std::fs::Permissions;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::environment::clear_environment;
use crate::temp_dir::fast_temp_dir;

/// Returns a command that runs a program of a server in the given directory. The environment has only the variables by
/// which programs are found. For root, the program runs as `postgres`, because PostgreSQL and PgBouncer refuse root.
///
/// # Panics
/// Panics for root if the user `postgres` does not exist.
#[must_use]
pub fn server_command(program: &Path, dir: &Path) -> Command {
    let mut command = Command::new(program);
    clear_environment(&mut command).current_dir(dir).env("LC_ALL", "C").stdin(Stdio::null());
    if let Some((uid, gid)) = account() {
        command.uid(uid).gid(gid);
    }
    command
}

/// Creates a directory in memory, or on disk if there is not enough memory. Only the user of [`server_command`] may
/// enter it.
///
/// # Errors
/// Fails if the directory cannot be created.
///
/// # Panics
/// Panics for root if the user `postgres` does not exist.
pub fn server_dir() -> io::Result<TempDir> {
    let dir = tempfile::Builder::new()
        .prefix("seedbed-it-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(fast_temp_dir())?;
    give_to_server_user(dir.path());
    Ok(dir)
}

/// Makes the user of [`server_command`] the owner of the file.
///
/// # Panics
/// Panics for root if the user `postgres` or the file does not exist.
pub fn give_to_server_user(path: &Path) {
    if let Some((uid, gid)) = account() {
        chown(path, Some(uid), Some(gid)).expect("root may");
    }
}

/// Returns a port on which no program listens. It is lower than the ports that the system assigns to clients, because a
/// client that retries while the server is down might get the port of the server and connect to itself.
///
/// # Panics
/// Panics if all of a thousand ports are in use.
#[must_use]
pub fn free_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| fastrand::u16(20_000..32_000)).take(1000);
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

/// Returns the user id and the group id of `postgres` if this process runs as root.
fn account() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let id = |option: &str| {
        let output = Command::new("id").args([option, "postgres"]).output().expect("id");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.trim().parse().expect("there is a user postgres, as PostgreSQL refuses root")
    };
    Some((id("-u"), id("-g")))
}
