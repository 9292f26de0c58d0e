//! The user as whom the programs of a server run.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rustix::process::geteuid;

/// Makes the command run as a user who is not root, as PostgreSQL and PgBouncer require: for root that is `postgres`.
///
/// # Panics
/// If root calls it and there is no user `postgres`.
pub fn as_server_user(command: &mut Command) -> &mut Command {
    if let Some((uid, gid)) = account() {
        command.uid(uid).gid(gid);
    }
    command
}

/// Gives the file to the user of [`as_server_user`].
///
/// # Panics
/// If root calls it and there is no user `postgres`, or no such file.
pub fn give_to_server_user(path: &Path) {
    if let Some((uid, gid)) = account() {
        chown(path, Some(uid), Some(gid)).expect("root may");
    }
}

fn account() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let id = |what: &str| {
        let output = Command::new("id").args([what, "postgres"]).output().expect("id");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.trim().parse().expect("there is a user postgres, as PostgreSQL refuses root")
    };
    Some((id("-u"), id("-g")))
}
