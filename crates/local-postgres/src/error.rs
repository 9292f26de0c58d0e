//! What can go wrong, and what to type then.

use std::io;
use std::path::PathBuf;

use crate::binaries::{SUPPORTED_VERSIONS, Version};

/// Why the private server cannot be found, made, started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There are no server programs on this machine.
    #[error(
        "no PostgreSQL server programs found on this machine (initdb, postgres, pg_ctl and psql, version {} to {})",
        SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end()
    )]
    NotFound,

    /// The folder that somebody named does not have them.
    #[error("SEEDBED_PG_BIN names {}, where there is no program `{missing}`", dir.display())]
    NoProgram {
        /// The folder.
        dir: PathBuf,
        /// The first program that is not there.
        missing: &'static str,
    },

    /// Too old.
    #[error(
        "PostgreSQL {version} in {} is too old: {} to {} are supported",
        dir.display(), SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end()
    )]
    UnsupportedVersion {
        /// The folder of the programs.
        dir: PathBuf,
        /// Their version.
        version: Version,
    },

    /// PostgreSQL came without the extensions that are part of its own distribution.
    #[error("PostgreSQL {version} has no extension `{extension}`: {} is missing", file.display())]
    NoContrib {
        /// The version of the server.
        version: Version,
        /// The extension.
        extension: &'static str,
        /// The file that says an extension is there.
        file: PathBuf,
    },

    /// The cluster was made by another major version.
    #[error(
        "the cluster in {} was made by PostgreSQL {made_by}, and the programs in {} are PostgreSQL {version}",
        data.display(), dir.display()
    )]
    OtherVersion {
        /// The folder of the cluster.
        data: PathBuf,
        /// The major version that made it.
        made_by: u32,
        /// The folder of the programs.
        dir: PathBuf,
        /// Their version.
        version: Version,
        /// The folder in the checkout, to begin again without it.
        home: PathBuf,
    },

    /// A folder that should be a cluster is none.
    #[error("{} is not a PostgreSQL cluster: its PG_VERSION {reason}", data.display())]
    NotACluster {
        /// The folder.
        data: PathBuf,
        /// What is the matter with the file.
        reason: &'static str,
        /// The folder in the checkout, to begin again without it.
        home: PathBuf,
    },

    /// The cluster could not be made.
    #[error("could not make a PostgreSQL cluster in {}: initdb failed\n{output}", area.display())]
    Initdb {
        /// Where.
        area: PathBuf,
        /// The last lines that it said.
        output: String,
    },

    /// The server ended right after its start.
    #[error("PostgreSQL did not start; the end of its log {}:\n{tail}", log.display())]
    Start {
        /// The log of the server.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// The server runs and does not answer.
    #[error("PostgreSQL (process {pid}) runs but does not answer on {}; the end of its log {}:\n{tail}", socket.display(), log.display())]
    Silent {
        /// The server's first process.
        pid: i32,
        /// The folder of its socket.
        socket: PathBuf,
        /// The log of the server.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// The server was asked to stop and did not.
    #[error("PostgreSQL (process {pid}) did not stop within {seconds} s")]
    NotStopped {
        /// The server's first process.
        pid: i32,
        /// How long it had.
        seconds: u64,
    },

    /// Somebody else holds the lock, or a program did not end.
    #[error("gave up after {seconds} s of {what}")]
    TooLong {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },

    /// PostgreSQL refuses root, and there is nobody else to run it as.
    #[error("PostgreSQL refuses to run as root, and there is no user {names} to run it as")]
    NoUser {
        /// Which were looked for.
        names: String,
    },

    /// The process runs under a number that has no name.
    #[error("the user with the number {uid} has no name in /etc/passwd, and PostgreSQL needs one")]
    NamelessUser {
        /// The number.
        uid: u32,
    },

    /// A folder that somebody else could have prepared.
    #[error("{} cannot hold a private server: {reason}", path.display())]
    NotPrivate {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// No folder has a path that a socket can have.
    #[error(
        "no folder for a Unix socket: every candidate is longer than {longest} bytes, or not there"
    )]
    NoSocketFolder {
        /// The longest path of a socket.
        longest: usize,
    },

    /// A program could not be run at all.
    #[error("could not run {}", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// The disk or its permissions.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// The verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// What to type next, where there is something to type.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound => Some(format!(
                "install it: {PACKAGES}; or name the folder in SEEDBED_PG_BIN, or a database in DATABASE_URL"
            )),
            Self::NoProgram { .. } => Some(
                "name the folder that has initdb, postgres, pg_ctl and psql; on Debian it is /usr/lib/postgresql/<version>/bin".to_owned(),
            ),
            Self::UnsupportedVersion { .. } => Some(format!(
                "install a supported one beside it, and name its folder in SEEDBED_PG_BIN: {PACKAGES}"
            )),
            Self::NoContrib { .. } => Some(
                "install the package postgresql-contrib: `sudo apt-get install postgresql-contrib`, or `sudo dnf install postgresql-contrib`".to_owned(),
            ),
            Self::OtherVersion { made_by, home, .. } => Some(format!(
                "install PostgreSQL {made_by} again, or begin without the old data: {}",
                begin_again(home)
            )),
            Self::NotACluster { home, .. } => {
                Some(format!("begin without the old data: {}", begin_again(home)))
            }
            Self::Silent { pid, .. } | Self::NotStopped { pid, .. } => Some(format!(
                "`kill -9 {pid}` ends it, and `make db-start` recovers what was committed"
            )),
            Self::NoUser { .. } => {
                Some("name one in SEEDBED_PG_USER, or run the command as a user other than root".to_owned())
            }
            Self::NamelessUser { uid } => Some(format!(
                "as root: `useradd --uid {uid} developer`; or use a server that is there already, with DATABASE_URL"
            )),
            Self::NotPrivate { .. } => {
                Some("remove it, or name another folder in SEEDBED_PG_DIR".to_owned())
            }
            Self::NoSocketFolder { .. } => {
                Some("name a folder with a short path in SEEDBED_PG_DIR".to_owned())
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Some(
                "whoever runs this has to be able to write there; if root has made it, remove it with sudo".to_owned(),
            ),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => Some(
                "make room on the disk, or name a folder on another one in SEEDBED_PG_DIR".to_owned(),
            ),
            _ => None,
        }
    }

    /// For `map_err`.
    pub(crate) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

/// Debian's server package contains the contrib extensions, Fedora's does not.
const PACKAGES: &str = "`sudo apt-get install postgresql` (Debian, Ubuntu), `sudo dnf install postgresql-server postgresql-contrib` (Fedora, RHEL), `brew install postgresql@18` (macOS)";

fn begin_again(home: &std::path::Path) -> String {
    format!("`make db-stop`, `rm -rf {}`, `make fresh-start`", home.display())
}
