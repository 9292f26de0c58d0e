//! Finding the programs of a PostgreSQL server.

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

/// The major versions that are tested. A newer one is used where there is nothing else, an older one never.
pub const SUPPORTED_VERSIONS: RangeInclusive<u32> = 14..=18;

/// All of them are needed, from one folder.
const PROGRAMS: [&str; 4] = ["initdb", "postgres", "pg_ctl", "psql"];

/// `postgres --version` takes milliseconds, but the folder may be on a network.
const PATIENCE: Duration = Duration::from_secs(20);

/// What `postgres --version` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    major: u32,
    text: String,
}

impl Version {
    /// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` and `postgres (PostgreSQL) 19beta1`.
    fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once("(PostgreSQL) ")?;
        let text = rest.split_whitespace().next()?;
        let digits = text.find(|c: char| !c.is_ascii_digit());
        let major = text[..digits.unwrap_or(text.len())].parse().ok()?;
        Some(Self { major, text: text.to_owned() })
    }

    /// The first number: clusters of one major version cannot be opened by another.
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

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A folder that has `initdb`, `postgres`, `pg_ctl` and `psql` of one version that is not too old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    dir: PathBuf,
    version: Version,
}

impl Binaries {
    /// Finds the programs that `settings` names; or asks `pg_config`, looks into PATH and into the
    /// folders that distributions, Homebrew and Postgres.app use. Installs nothing.
    ///
    /// Where there are several, `major` (of a cluster that exists already) decides, then whether the
    /// version is supported, then the order above.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::UnsupportedVersion`] if there are only older versions, and
    /// [`Error::NoProgram`] for a folder that `settings` name.
    pub fn find(settings: &Settings, major: Option<u32>) -> Result<Self, Error> {
        if let Some(dir) = &settings.bin {
            return Self::in_folder(dir);
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut dirs = in_path(&path);
        dirs.extend(distribution_folders(Path::new("/")));
        Self::choose(dirs, major)
    }

    /// The folder that somebody named has to be right: there is no second guess.
    fn in_folder(dir: &Path) -> Result<Self, Error> {
        if let Some(missing) = missing_program(dir) {
            return Err(Error::NoProgram { dir: dir.to_path_buf(), missing });
        }
        // The server is started from another folder than this one.
        let dir = fs::canonicalize(dir).map_err(Error::io("find", dir))?;
        let version = version_in(&dir)?;
        if version.is_too_old() {
            return Err(Error::UnsupportedVersion { dir, version });
        }
        Ok(Self { dir, version })
    }

    fn choose(dirs: Vec<PathBuf>, major: Option<u32>) -> Result<Self, Error> {
        // Several ways often lead to one folder, and each `postgres --version` takes a process.
        let mut asked = HashSet::new();
        let mut is_new = |dir: &Path| asked.insert(fs::canonicalize(dir).ok());
        let complete = dirs.into_iter().filter(|dir| missing_program(dir).is_none() && is_new(dir));
        let found: Vec<Self> = complete
            .filter_map(|dir| {
                let version = version_in(&dir).ok()?;
                Some(Self { dir, version })
            })
            .collect();
        let usable = || found.iter().filter(|found| !found.version.is_too_old());
        let wanted = usable().find(|found| Some(found.version.major) == major);
        let supported = || usable().find(|found| found.version.is_supported());
        if let Some(binaries) = wanted.or_else(supported).or_else(|| usable().next()) {
            return Ok(binaries.clone());
        }
        Err(match found.into_iter().next() {
            Some(Self { dir, version }) => Error::UnsupportedVersion { dir, version },
            None => Error::NotFound,
        })
    }

    /// Their folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Their version.
    #[must_use]
    pub const fn version(&self) -> &Version {
        &self.version
    }

    /// The real `psql`; the one that Debian puts on the PATH is a Perl script that costs 20 ms.
    #[must_use]
    pub fn psql(&self) -> PathBuf {
        self.dir.join("psql")
    }
}

fn missing_program(dir: &Path) -> Option<&'static str> {
    PROGRAMS.into_iter().find(|program| !is_executable(&dir.join(program)))
}

fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn version_in(dir: &Path) -> Result<Version, Error> {
    let program = dir.join("postgres");
    let mut command = Command::new(&program);
    command.arg("--version").env("LC_ALL", "C");
    let what = format!("{} --version", program.display());
    let finished = program::run(&mut command, &what, PATIENCE, &mut |_: &str| {})?;
    Version::parse(&finished.output).ok_or_else(|| Error::Run {
        program,
        source: std::io::Error::other("it does not tell its version"),
    })
}

/// What the folders of PATH lead to: `pg_config` names a folder, and `initdb` may be a link into the
/// folder that has them all.
fn in_path(path: &OsStr) -> Vec<PathBuf> {
    let folders: Vec<PathBuf> =
        std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect();
    let configs = folders.iter().map(|folder| folder.join("pg_config"));
    let told = configs.filter(|file| is_executable(file)).filter_map(|file| bindir(&file));
    let links = folders.iter().filter_map(|folder| {
        let initdb = fs::canonicalize(folder.join("initdb")).ok()?;
        Some(initdb.parent()?.to_path_buf())
    });
    told.chain(links).chain(folders.iter().cloned()).collect()
}

fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let mut command = Command::new(pg_config);
    command.arg("--bindir");
    let finished = program::run(&mut command, "pg_config", PATIENCE, &mut |_: &str| {}).ok()?;
    finished.status.success().then(|| PathBuf::from(finished.output.trim()))
}

/// Where installers put versions side by side: the folder, and what comes before and after the number.
const VERSIONED: [(&str, &str, &str); 6] = [
    ("usr/lib/postgresql", "", "bin"), // Debian, Ubuntu, openSUSE links
    ("usr", "pgsql-", "bin"),          // PostgreSQL's own packages for RHEL
    ("usr/lib", "postgresql", "bin"),  // openSUSE, Alpine
    ("opt/homebrew/opt", "postgresql@", "bin"), // Homebrew on ARM
    ("usr/local/opt", "postgresql@", "bin"), // Homebrew on Intel
    ("Applications/Postgres.app/Contents/Versions", "", "bin"),
];

const UNVERSIONED: [&str; 5] = [
    "usr/lib64/pgsql/bin",
    "usr/lib/postgresql/bin",
    "usr/local/pgsql/bin",
    "opt/homebrew/bin",
    "usr/local/bin",
];

/// The folders of distributions below `root`, the newest version first.
fn distribution_folders(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = VERSIONED
        .iter()
        .flat_map(|(folder, prefix, bin)| versions_in(&root.join(folder), prefix, bin))
        .collect();
    versions.sort_by_key(|(version, _)| Reverse(*version));
    let versioned = versions.into_iter().map(|(_, dir)| dir);
    let unversioned = UNVERSIONED.iter().map(|folder| root.join(folder));
    versioned.chain(unversioned).collect()
}

fn versions_in(folder: &Path, prefix: &str, bin: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else {
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
