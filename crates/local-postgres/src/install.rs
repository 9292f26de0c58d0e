//! Installing PostgreSQL, where that is a matter of one command.

use std::fs;

use std::process::Command;
use std::time::Duration;

use crate::{Binaries, Error, Install, Notice, Settings, account, program};

/// A slow mirror may take minutes, and another apt may have to finish first.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Installs the distribution's server without letting Debian make and start a cluster of its own, which
/// would sit on port 5432 for ever. The file that says so goes away again, so that a cluster that
/// the administrator wants later is made. Argument 1: the folder of that file.
const SCRIPT: &str = r#"
set -eu
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$1"
trap 'rm -f "$1/seedbed.conf"' EXIT
printf 'create_main_cluster = false\n' > "$1/seedbed.conf"
install() {
    apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends postgresql postgresql-contrib
}
# Lists that were never fetched, or that name packages which the mirror no longer has.
install || { apt-get update && install; }
"#;

/// Debian's `createcluster.conf` includes every `*.conf` of this folder.
const CLUSTER_CONFIG: &str = "/etc/postgresql-common/createcluster.d";

/// What this machine lets us do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Privilege {
    Root,
    /// `sudo` that asks for no password.
    Sudo,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    /// Debian, Ubuntu, and what is derived from them.
    Debian,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// Install with apt.
    Apt,
    /// Install with apt through sudo.
    SudoApt,
    /// Name the packages instead.
    Tell,
}

/// The whole policy.
fn decide(install: Install, system: System, privilege: impl FnOnce() -> Privilege) -> Decision {
    match (install, system) {
        (Install::WhereAllowed, System::Debian) => match privilege() {
            Privilege::Root => Decision::Apt,
            Privilege::Sudo => Decision::SudoApt,
            Privilege::None => Decision::Tell,
        },
        (Install::Never, _) | (_, System::Other) => Decision::Tell,
    }
}

/// Finds the programs, and installs them where that is allowed and there are none at all.
pub(crate) fn find_or_install(
    settings: &Settings,
    major: Option<u32>,
    notice: &mut Notice<'_>,
) -> Result<Binaries, Error> {
    let missing = match Binaries::find(settings, major) {
        Err(error @ Error::NotFound) => error,
        other => return other,
    };
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let mut command = match decide(settings.install, system(&release), privilege) {
        Decision::Apt => Command::new("sh"),
        Decision::SudoApt => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "sh"]);
            sudo
        }
        Decision::Tell => return Err(missing),
    };
    notice("no PostgreSQL server on this machine: installing the package postgresql with apt-get");
    command.args(["-c", SCRIPT, "sh", CLUSTER_CONFIG]);
    run(&mut command, notice)?;
    Binaries::find(settings, major)
}

fn run(command: &mut Command, notice: &mut Notice<'_>) -> Result<(), Error> {
    let finished = program::run(command, "apt-get", PATIENCE, notice)?;
    if !finished.status.success() {
        return Err(Error::Install { output: finished.tail() });
    }
    notice("installed PostgreSQL");
    Ok(())
}

/// Reads <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>.
fn system(os_release: &str) -> System {
    let values = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")));
    let mut names = values.flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace());
    if names.any(|name| matches!(name, "debian" | "ubuntu")) {
        System::Debian
    } else {
        System::Other
    }
}

fn privilege() -> Privilege {
    if account::is_root() {
        return Privilege::Root;
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]);
    let limit = Duration::from_secs(10);
    match program::run(&mut sudo, "sudo", limit, &mut |_: &str| {}) {
        Ok(finished) if finished.status.success() => Privilege::Sudo,
        _ => Privilege::None,
    }
}

#[cfg(test)]
#[path = "install_tests.rs"]
mod tests;
