//! Making a cluster, whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::account::Account;
use crate::area::Area;
use crate::files::{self, PRIVATE};
use crate::program::{self, Finished};
use crate::socket::ROLE;
use crate::{Binaries, Error, Notice};

/// It takes a second, on a slow disk ten.
const PATIENCE: Duration = Duration::from_secs(180);

/// A cluster that is being made. It gets its name when it is complete.
const UNFINISHED: &str = "initdb-";

/// What projects expect of every PostgreSQL, and some distributions put into a package of its own.
const CONTRIB: [&str; 2] = ["uuid-ossp", "citext"];

/// The major version that made the area's cluster; none if there is no cluster yet.
pub(crate) fn made_by(area: &Area, home: &Path) -> Result<Option<u32>, Error> {
    let data = area.data();
    if !data.exists() {
        return Ok(None);
    }
    let broken =
        |reason| Error::NotACluster { data: data.clone(), reason, home: home.to_path_buf() };
    let text = files::read(&data.join("PG_VERSION"))?.ok_or_else(|| broken("is missing"))?;
    let major = String::from_utf8_lossy(&text).trim().parse();
    major.map(Some).map_err(|_| broken("has no number"))
}

/// Makes the area's cluster if there is none, and refuses one that these programs cannot open.
pub(crate) fn ensure(
    area: &Area,
    home: &Path,
    binaries: &Binaries,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<(), Error> {
    remove_unfinished(area);
    match made_by(area, home)? {
        Some(major) if major == binaries.version().major() => Ok(()),
        Some(made_by) => Err(Error::OtherVersion {
            data: area.data(),
            made_by,
            dir: binaries.dir().to_path_buf(),
            version: binaries.version().clone(),
            home: home.to_path_buf(),
        }),
        None => make(area, binaries, account, notice),
    }
}

fn make(
    area: &Area,
    binaries: &Binaries,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<(), Error> {
    notice(&format!(
        "making a private PostgreSQL {} cluster in {}",
        binaries.version(),
        area.dir().display()
    ));
    // A new name each time: the initdb of a command that was killed may still be running.
    let folder = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .permissions(Permissions::from_mode(PRIVATE))
        .tempdir_in(area.dir())
        .map_err(Error::io("create a folder in", area.dir()))?;
    account.own_path(folder.path())?;
    check_contrib(area, binaries, account, notice)?;
    for locale in locales(binaries.version().major()) {
        let finished = initdb(area, binaries, account, folder.path(), locale, notice)?;
        if finished.status.success() {
            let data = area.data();
            fs::rename(folder.path(), &data).map_err(Error::io("create", &data))?;
            return Ok(());
        }
        if !finished.output.contains("invalid locale name") {
            return Err(failed(area, &finished));
        }
    }
    Err(Error::Initdb {
        area: area.dir().to_path_buf(),
        output: program::last_lines("no locale is known to it"),
    })
}

/// UTF-8 with the order of its bytes, so that a sorted list is the same on every machine. Where
/// neither PostgreSQL (before 17) nor the system (macOS) has `C.UTF-8`, only ASCII letters have a case.
fn locales(major: u32) -> &'static [&'static [&'static str]] {
    if major >= 17 {
        return &[&["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]];
    }
    &[&["--locale=C.UTF-8"], &["--locale=C"]]
}

fn initdb(
    area: &Area,
    binaries: &Binaries,
    account: &Account,
    folder: &Path,
    locale: &[&str],
    notice: &mut Notice<'_>,
) -> Result<Finished, Error> {
    let program = binaries.dir().join("initdb");
    let mut command = account.command(program, area.dir());
    command
        .arg("-D")
        .arg(folder.file_name().unwrap_or(OsStr::new(UNFINISHED)))
        .args(["-U", ROLE, "--encoding=UTF8", "--no-sync", "--no-instructions"])
        // The files that decide are others (see `config`); these are for whoever starts it by hand.
        .args(["--auth-local=peer", "--auth-host=reject"])
        .args(locale);
    program::run(&mut command, "initdb", PATIENCE, notice)
}

fn failed(area: &Area, finished: &Finished) -> Error {
    Error::Initdb { area: area.dir().to_path_buf(), output: finished.tail() }
}

/// What a killed command has left. One that cannot be removed now is removed the next time.
fn remove_unfinished(area: &Area) {
    let Ok(entries) = fs::read_dir(area.dir()) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// `pg_config` would tell where extensions are, but it belongs to a package for developers.
fn check_contrib(
    area: &Area,
    binaries: &Binaries,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<(), Error> {
    let mut command = account.command(binaries.dir().join("initdb"), area.dir());
    command.args(["--show", "-D", "data"]);
    let finished = program::run(&mut command, "initdb --show", PATIENCE, notice)?;
    let share = share_path(&finished.output).ok_or_else(|| failed(area, &finished))?;
    let file = |extension: &str| share.join(format!("extension/{extension}.control"));
    match CONTRIB.into_iter().find(|extension| !file(extension).exists()) {
        None => Ok(()),
        Some(extension) => Err(Error::NoContrib {
            version: binaries.version().clone(),
            extension,
            file: file(extension),
        }),
    }
}

fn share_path(shown: &str) -> Option<PathBuf> {
    let path = shown.lines().find_map(|line| line.strip_prefix("share_path="))?;
    Some(PathBuf::from(path))
}
