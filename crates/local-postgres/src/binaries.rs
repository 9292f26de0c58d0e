//! Finds the programs of a PostgreSQL server on this machine.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::ops::RangeInclusive;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::{Error, Settings, program};

/// The major versions that are tested. A newer version is used if there is no other. An older version is never used.
pub const SUPPORTED_VERSIONS: RangeInclusive<u32> = 14..=18;

/// The required programs. All of them have to be in one folder, so that they have one version.
const PROGRAMS: [&str; 4] = ["initdb", "postgres", "pg_ctl", "psql"];

/// The time limit of `postgres --version`, which takes milliseconds unless the folder is on a network.
const VERSION_TIMEOUT: Duration = Duration::from_secs(20);

/// A version of PostgreSQL, as `postgres --version` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresVersion {
    major: u32,
    text: String,
}

impl PostgresVersion {
    /// Parses the output of `postgres --version`, such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` or
    /// `postgres (PostgreSQL) 19beta1`.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once("(PostgreSQL) ")?;
        let text = rest.split_whitespace().next()?;
        let digits = text.find(|c: char| !c.is_ascii_digit());
        let major = text[..digits.unwrap_or(text.len())].parse().ok()?;
        Some(Self { major, text: text.to_owned() })
    }

    /// Returns the major version. A server opens only clusters that its own major version has created.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.major
    }

    fn is_supported(&self) -> bool {
        SUPPORTED_VERSIONS.contains(&self.major)
    }

    fn is_too_old(&self) -> bool {
        self.major < *SUPPORTED_VERSIONS.start()
    }
}

impl fmt::Display for PostgresVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A folder with `initdb`, `postgres`, `pg_ctl` and `psql` of one version that is not too old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    dir: PathBuf,
    version: PostgresVersion,
}

impl Binaries {
    /// Finds the server programs. Installs nothing.
    ///
    /// If `settings` name a folder, only that folder is considered. Otherwise the candidates are the folder that
    /// `pg_config` prints, the folders on the PATH, and the folders of Linux distributions, Homebrew and Postgres.app.
    /// Among the candidates, the first one of the version `major` (that of an existing cluster) is preferred, then the
    /// first one of a supported version.
    ///
    /// # Errors
    /// Fails with [`Error::MissingProgram`] if the folder that `settings` name is incomplete, with
    /// [`Error::UnsupportedVersion`] if there are only older versions, and with [`Error::ProgramsNotFound`] if there
    /// are no programs.
    pub fn find(settings: &Settings, major: Option<u32>) -> Result<Self, Error> {
        if let Some(dir) = &settings.bin_dir {
            return Self::from_dir(dir);
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut dirs = dirs_of_path(&path);
        dirs.extend(distribution_dirs(Path::new("/")));
        Self::choose(dirs, major)
    }

    /// Uses the folder that the settings name. There is no fallback: a configured folder must be correct.
    fn from_dir(dir: &Path) -> Result<Self, Error> {
        if let Some(program) = missing_program(dir) {
            return Err(Error::MissingProgram { dir: dir.to_path_buf(), program });
        }
        // The programs run in another working directory, so the path has to be absolute.
        let dir = fs::canonicalize(dir).map_err(Error::io("resolve", dir))?;
        let version = read_version(&dir)?;
        if version.is_too_old() {
            return Err(Error::UnsupportedVersion { dir, version });
        }
        Ok(Self { dir, version })
    }

    fn choose(dirs: Vec<PathBuf>, major: Option<u32>) -> Result<Self, Error> {
        // Several candidates are often the same folder, and reading its version starts a process.
        let mut seen = HashSet::new();
        let mut is_new = |dir: &Path| seen.insert(fs::canonicalize(dir).ok());
        let complete = dirs.into_iter().filter(|dir| missing_program(dir).is_none() && is_new(dir));
        let found: Vec<Self> = complete
            .filter_map(|dir| {
                let version = read_version(&dir).ok()?;
                Some(Self { dir, version })
            })
            .collect();
        let usable = || found.iter().filter(|found| !found.version.is_too_old());
        let same_major = usable().find(|found| Some(found.version.major) == major);
        let supported = || usable().find(|found| found.version.is_supported());
        if let Some(binaries) = same_major.or_else(supported).or_else(|| usable().next()) {
            return Ok(binaries.clone());
        }
        Err(match found.into_iter().next() {
            Some(Self { dir, version }) => Error::UnsupportedVersion { dir, version },
            None => Error::ProgramsNotFound,
        })
    }

    /// Returns the folder of the programs.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the version of the programs.
    #[must_use]
    pub const fn version(&self) -> &PostgresVersion {
        &self.version
    }

    /// Returns the path of the `psql` in this folder. The `psql` that Debian puts on the PATH is a Perl wrapper that
    /// takes 20 ms longer.
    #[must_use]
    pub fn psql(&self) -> PathBuf {
        self.dir.join("psql")
    }
}

/// Returns the first required program that the folder does not have.
fn missing_program(dir: &Path) -> Option<&'static str> {
    PROGRAMS.into_iter().find(|program| !is_executable(&dir.join(program)))
}

fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn read_version(dir: &Path) -> Result<PostgresVersion, Error> {
    let program = dir.join("postgres");
    let mut command = Command::new(&program);
    command.arg("--version").env("LC_ALL", "C");
    let event = format!("`{} --version`", program.display());
    let finished = program::run(&mut command, &event, VERSION_TIMEOUT, &mut |_: &str| {})?;
    PostgresVersion::parse(&finished.output).ok_or_else(|| Error::ProgramFailed {
        program,
        source: std::io::Error::other("its output contains no version"),
    })
}

/// Returns the folders that the PATH leads to. These are the folders that a `pg_config` on the PATH prints, the folders
/// that an `initdb` on the PATH is a link into, and the folders of the PATH itself.
fn dirs_of_path(path: &OsStr) -> Vec<PathBuf> {
    let dirs: Vec<PathBuf> = std::env::split_paths(path).filter(|dir| dir.is_absolute()).collect();
    let pg_configs = dirs.iter().map(|dir| dir.join("pg_config"));
    let configured = pg_configs.filter(|file| is_executable(file)).filter_map(|file| bindir(&file));
    let link_targets = dirs.iter().filter_map(|dir| {
        let initdb = fs::canonicalize(dir.join("initdb")).ok()?;
        Some(initdb.parent()?.to_path_buf())
    });
    configured.chain(link_targets).chain(dirs.iter().cloned()).collect()
}

/// Returns the folder that `pg_config --bindir` prints.
fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let mut command = Command::new(pg_config);
    command.arg("--bindir");
    let finished =
        program::run(&mut command, "`pg_config`", VERSION_TIMEOUT, &mut |_: &str| {}).ok()?;
    finished.status.success().then(|| PathBuf::from(finished.output.trim()))
}

/// The folders in which installers put several versions side by side. Each entry has the parent folder and the parts of
/// the path before and after the version number.
const VERSIONED_DIRS: [(&str, &str, &str); 6] = [
    ("usr/lib/postgresql", "", "bin"), // Debian, Ubuntu, openSUSE links
    ("usr", "pgsql-", "bin"),          // PostgreSQL's own packages for RHEL
    ("usr/lib", "postgresql", "bin"),  // openSUSE, Alpine
    ("opt/homebrew/opt", "postgresql@", "bin"), // Homebrew on ARM
    ("usr/local/opt", "postgresql@", "bin"), // Homebrew on Intel
    ("Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The folders in which installers put the only version.
const UNVERSIONED_DIRS: [&str; 5] = [
    "usr/lib64/pgsql/bin",
    "usr/lib/postgresql/bin",
    "usr/local/pgsql/bin",
    "opt/homebrew/bin",
    "usr/local/bin",
];

/// Returns the folders of distributions below `root`, the newest version first.
fn distribution_dirs(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = VERSIONED_DIRS
        .iter()
        .flat_map(|(parent, prefix, bin)| versioned_dirs(&root.join(parent), prefix, bin))
        .collect();
    versions.sort_by_key(|(version, _)| Reverse(*version));
    let versioned = versions.into_iter().map(|(_, dir)| dir);
    let unversioned = UNVERSIONED_DIRS.iter().map(|dir| root.join(dir));
    versioned.chain(unversioned).collect()
}

/// Returns the version number and the path of each folder `<parent>/<prefix><version>/<bin>`.
fn versioned_dirs(parent: &Path, prefix: &str, bin: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join(bin)))
        })
        .collect()
}

#[cfg(test)]
#[path = "binaries_tests.rs"]
mod tests;
