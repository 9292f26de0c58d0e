//! As whom the server runs.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::{Error, Settings};

/// Tried in this order when root starts a server and nobody was named.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The operating system's user who owns the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    switch: Switch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    /// The server runs as the one who starts it.
    Stay,
    /// Root starts it, so it becomes this one.
    To { uid: u32, gid: u32 },
}

/// Whether this process is root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// The caller; or for root the one who owns the cluster already (`recorded`), the one that the
    /// settings name, `postgres`, `nobody`.
    pub(crate) fn choose(settings: &Settings, recorded: Option<&str>) -> Result<Self, Error> {
        if !is_root() {
            return Self::own();
        }
        let named = recorded.or(settings.user.as_deref());
        let candidates: Vec<&str> = named.map_or(UNPRIVILEGED.to_vec(), |name| vec![name]);
        candidates
            .iter()
            .find_map(|name| Self::named(name))
            .ok_or_else(|| Error::NoUser { names: candidates.join(" or ") })
    }

    fn own() -> Result<Self, Error> {
        let name = id("-un", None)
            .ok_or_else(|| Error::NamelessUser { uid: rustix::process::geteuid().as_raw() })?;
        Ok(Self { name, switch: Switch::Stay })
    }

    fn named(name: &str) -> Option<Self> {
        let uid: u32 = id("-u", Some(name))?.parse().ok()?;
        let gid: u32 = id("-g", Some(name))?.parse().ok()?;
        (uid != 0).then(|| Self { name: name.to_owned(), switch: Switch::To { uid, gid } })
    }

    /// A command that runs as this user, in `dir`, with an environment of its own.
    ///
    /// The server keeps what it inherits for days: neither the caller's passwords nor a `PGDATA` or
    /// `PGPORT` that means another server have a place there.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).env_clear().env("LC_ALL", "C");
        for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Switch::To { uid, gid } = self.switch {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Gives a file or folder to this user.
    pub(crate) fn own_path(&self, path: &Path) -> Result<(), Error> {
        let Switch::To { uid, gid } = self.switch else {
            return Ok(());
        };
        std::os::unix::fs::lchown(path, Some(uid), Some(gid))
            .map_err(Error::io("change the owner of", path))
    }

    /// Whether the folders above `dir` let this user through.
    pub(crate) fn can_enter(&self, dir: &Path) -> bool {
        self.command("true", dir).status().is_ok_and(|status| status.success())
    }
}

/// Asks the system's own program, which knows of users beyond /etc/passwd.
fn id(question: &str, name: Option<&str>) -> Option<String> {
    let output = Command::new("id")
        .arg(question)
        .args(name.map(|name| ["--", name]).into_iter().flatten())
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !answer.trim().is_empty()).then(|| answer.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_never_the_one_who_runs_the_server() {
        assert_eq!(Account::named("root"), None);
        assert_eq!(Account::named("nobody-of-that-name"), None);
    }

    #[test]
    fn the_environment_of_the_caller_stays_out() {
        let account = Account::own().unwrap();
        let command = account.command("postgres", Path::new("/"));
        let names: Vec<_> = command.get_envs().map(|(name, _)| name).collect();

        assert!(names.contains(&OsStr::new("PATH")), "{names:?}");
        assert!(!names.contains(&OsStr::new("HOME")), "{names:?}");
    }
}
