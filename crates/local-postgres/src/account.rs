//! The operating system user that the server runs as.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::{Error, Settings};

/// The users that the server of root may run as, in order of preference. A recorded or configured user replaces them.
const UNPRIVILEGED_USERS: [&str; 2] = ["postgres", "nobody"];

/// The operating system user that owns a cluster and runs its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    run_as: RunAs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RunAs {
    /// The server runs as the user of this process.
    Caller,
    /// This process is root, and the server runs as another user.
    User { uid: u32, gid: u32 },
}

/// Returns whether this process runs as root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// Chooses the user that a server runs as.
    ///
    /// The server of an ordinary user runs as that user. If root starts the server, it runs as the user that already
    /// owns its cluster (`recorded`), else as the user that `settings` name, else as `postgres` or `nobody`.
    pub(crate) fn choose(settings: &Settings, recorded: Option<&str>) -> Result<Self, Error> {
        if !is_root() {
            return Self::caller();
        }
        let configured = recorded.or(settings.user.as_deref());
        let candidates = configured.map_or(UNPRIVILEGED_USERS.to_vec(), |name| vec![name]);
        candidates.iter().find_map(|name| Self::from_name(name)).ok_or_else(|| {
            let names: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
            Error::NoUnprivilegedUser { names: names.join(" or ") }
        })
    }

    fn caller() -> Result<Self, Error> {
        let uid = rustix::process::geteuid().as_raw();
        let name = run_id("-un", None).ok_or(Error::UnnamedUser { uid })?;
        Ok(Self { name, run_as: RunAs::Caller })
    }

    /// Looks up a user by name. Returns `None` if there is no such user, and for root.
    fn from_name(name: &str) -> Option<Self> {
        let uid: u32 = run_id("-u", Some(name))?.parse().ok()?;
        let gid: u32 = run_id("-g", Some(name))?.parse().ok()?;
        (uid != 0).then(|| Self { name: name.to_owned(), run_as: RunAs::User { uid, gid } })
    }

    /// Returns a command that runs `program` as this user in `dir`, with a minimal environment. The server runs for
    /// days with the environment that it inherits. It must not see the caller's passwords, nor a `PGDATA` or `PGPORT`
    /// that is meant for another server.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).env_clear().env("LC_ALL", "C");
        for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let RunAs::User { uid, gid } = self.run_as {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes this user the owner of a file or folder. Does nothing if this user is the caller.
    pub(crate) fn chown(&self, path: &Path) -> Result<(), Error> {
        let RunAs::User { uid, gid } = self.run_as else {
            return Ok(());
        };
        std::os::unix::fs::lchown(path, Some(uid), Some(gid))
            .map_err(Error::io("change the owner of", path))
    }

    /// Returns whether this user can enter `dir`, which depends on the permissions of each folder above it.
    pub(crate) fn can_enter(&self, dir: &Path) -> bool {
        self.command("true", dir).status().is_ok_and(|status| status.success())
    }
}

/// Runs the program `id`, which also finds the users that are not in `/etc/passwd` (LDAP, for example).
fn run_id(flag: &str, user: Option<&str>) -> Option<String> {
    let output = Command::new("id")
        .arg(flag)
        .args(user.map(|name| ["--", name]).into_iter().flatten())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_root_nor_an_unknown_user_can_run_the_server() {
        assert_eq!(Account::from_name("root"), None);
        assert_eq!(Account::from_name("nobody-of-that-name"), None);
    }

    #[test]
    fn a_command_does_not_inherit_the_environment_of_the_caller() {
        let account = Account::caller().unwrap();
        let command = account.command("postgres", Path::new("/"));
        let names: Vec<_> = command.get_envs().map(|(name, _)| name).collect();

        assert!(names.contains(&OsStr::new("PATH")), "{names:?}");
        assert!(!names.contains(&OsStr::new("HOME")), "{names:?}");
    }
}
