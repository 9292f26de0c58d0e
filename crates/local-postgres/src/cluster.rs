//! Creates a server's cluster with `initdb`, completely or not at all.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::account::Account;
use crate::files::{self, PRIVATE};
use crate::layout::DataDir;
use crate::program::{self, FinishedProgram};
use crate::socket::ROLE;
use crate::{Binaries, Error, Progress};

/// The time limit of `initdb`, which takes a second, and ten seconds on a slow disk.
const INITDB_TIMEOUT: Duration = Duration::from_secs(180);

/// The prefix in the name of the folder in which a cluster is being created. The folder is renamed when the cluster is
/// complete.
const UNFINISHED_PREFIX: &str = "initdb-";

/// The extensions that projects expect of every PostgreSQL. Some distributions put them into a separate package.
const REQUIRED_EXTENSIONS: [&str; 2] = ["uuid-ossp", "citext"];

/// Reads the major version that created the cluster. Returns `None` if there is no cluster yet.
pub(crate) fn major_version(data_dir: &DataDir) -> Result<Option<u32>, Error> {
    let cluster_dir = data_dir.cluster_dir();
    if !cluster_dir.exists() {
        return Ok(None);
    }
    let invalid = |reason| Error::InvalidCluster { cluster_dir: cluster_dir.clone(), reason };
    let text =
        files::read(&cluster_dir.join("PG_VERSION"))?.ok_or_else(|| invalid("is missing"))?;
    let major = String::from_utf8_lossy(&text).trim().parse();
    major.map(Some).map_err(|_| invalid("contains no version number"))
}

/// Creates the cluster if there is none. Fails if `binaries` cannot open the existing one.
pub(crate) fn ensure_created(
    data_dir: &DataDir,
    binaries: &Binaries,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    remove_unfinished(data_dir);
    match major_version(data_dir)? {
        Some(major) if major == binaries.version().major() => Ok(()),
        Some(created_by) => Err(Error::VersionMismatch {
            cluster_dir: data_dir.cluster_dir(),
            created_by,
            bin_dir: binaries.dir().to_path_buf(),
            version: binaries.version().clone(),
        }),
        None => create(data_dir, binaries, account, progress),
    }
}

fn create(
    data_dir: &DataDir,
    binaries: &Binaries,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    progress(&format!(
        "creating a PostgreSQL {} cluster for the local server in `{}`",
        binaries.version(),
        data_dir.path().display()
    ));
    // Each attempt has its own name, because the `initdb` of a killed command may still be running.
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .permissions(Permissions::from_mode(PRIVATE))
        .tempdir_in(data_dir.path())
        .map_err(Error::io("create a folder in", data_dir.path()))?;
    account.chown(unfinished.path())?;
    ensure_extensions_available(data_dir, binaries, account, progress)?;
    for locale in locale_candidates(binaries.version().major()) {
        let finished = initdb(data_dir, binaries, account, unfinished.path(), locale, progress)?;
        if finished.status.success() {
            let cluster_dir = data_dir.cluster_dir();
            fs::rename(unfinished.path(), &cluster_dir)
                .map_err(Error::io("create", &cluster_dir))?;
            return Ok(());
        }
        if !finished.output.contains("invalid locale name") {
            return Err(initdb_failed(data_dir, &finished));
        }
    }
    Err(Error::InitdbFailed {
        data_dir: data_dir.path().to_path_buf(),
        output: program::last_lines("the system has neither the locale C.UTF-8 nor C"),
    })
}

/// Returns the options of `initdb` for the locale, in the order in which they are tried.
///
/// Text is UTF-8 and sorts by its bytes, so that a sorted list is the same on every machine. Before PostgreSQL 17 the
/// locale `C.UTF-8` comes from the system; macOS does not have it, and with `C` only ASCII letters have upper and lower
/// case.
fn locale_candidates(major: u32) -> &'static [&'static [&'static str]] {
    if major >= 17 {
        return &[&["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]];
    }
    &[&["--locale=C.UTF-8"], &["--locale=C"]]
}

fn initdb(
    data_dir: &DataDir,
    binaries: &Binaries,
    account: &Account,
    cluster_dir: &Path,
    locale: &[&str],
    progress: &mut Progress<'_>,
) -> Result<FinishedProgram, Error> {
    let program = binaries.dir().join("initdb");
    let mut command = account.command(program, data_dir.path());
    command
        .arg("-D")
        .arg(cluster_dir.file_name().unwrap_or(OsStr::new(UNFINISHED_PREFIX)))
        .args(["-U", ROLE, "--encoding=UTF8", "--no-sync", "--no-instructions"])
        // The server reads the authentication files of `config` instead. The files that these options create are used
        // only if a person starts the server by hand.
        .args(["--auth-local=peer", "--auth-host=reject"])
        .args(locale);
    program::run(&mut command, "`initdb`", INITDB_TIMEOUT, progress)
}

fn initdb_failed(data_dir: &DataDir, finished: &FinishedProgram) -> Error {
    Error::InitdbFailed { data_dir: data_dir.path().to_path_buf(), output: finished.tail() }
}

/// Removes the unfinished clusters of killed commands. A cluster that cannot be removed now is removed at a later
/// start.
fn remove_unfinished(data_dir: &DataDir) {
    let Ok(entries) = fs::read_dir(data_dir.path()) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED_PREFIX) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// Fails if PostgreSQL is installed without one of the [`REQUIRED_EXTENSIONS`].
///
/// `initdb --show` prints where extensions are. `pg_config` prints this too, but some distributions have it only in a
/// package for developers.
fn ensure_extensions_available(
    data_dir: &DataDir,
    binaries: &Binaries,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    let mut command = account.command(binaries.dir().join("initdb"), data_dir.path());
    command.args(["--show", "-D", "data"]);
    let finished = program::run(&mut command, "`initdb --show`", INITDB_TIMEOUT, progress)?;
    let share_dir =
        parse_share_path(&finished.output).ok_or_else(|| initdb_failed(data_dir, &finished))?;
    let control_file = |name: &str| share_dir.join(format!("extension/{name}.control"));
    match REQUIRED_EXTENSIONS.into_iter().find(|name| !control_file(name).exists()) {
        None => Ok(()),
        Some(extension) => Err(Error::MissingExtension {
            version: binaries.version().clone(),
            extension,
            control_file: control_file(extension),
        }),
    }
}

/// Returns the `share_path` in the output of `initdb --show`.
fn parse_share_path(output: &str) -> Option<PathBuf> {
    let path = output.lines().find_map(|line| line.strip_prefix("share_path="))?;
    Some(PathBuf::from(path))
}
