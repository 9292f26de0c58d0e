//! The error type of the crate, and the hint for each error.

use std::io;
use std::path::{Path, PathBuf};

use crate::binaries::{PostgresVersion, SUPPORTED_VERSIONS};

/// An error while finding, creating, starting or stopping a local server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The machine has no PostgreSQL server programs.
    #[error(
        "failed to find the programs of PostgreSQL on this machine: `initdb`, `postgres`, `pg_ctl` and `psql` of version {} to {} are required",
        SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end()
    )]
    ProgramsNotFound,

    /// The folder that `SEEDBED_PG_BIN` names lacks one of the server programs.
    #[error("`SEEDBED_PG_BIN` names `{}`, which has no program `{program}`", dir.display())]
    MissingProgram {
        /// The folder.
        dir: PathBuf,
        /// The first missing program.
        program: &'static str,
    },

    /// The only server programs are older than the oldest supported version.
    #[error(
        "PostgreSQL {version} in `{}` is too old: versions {} to {} are supported",
        dir.display(), SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end()
    )]
    UnsupportedVersion {
        /// The folder of the programs.
        dir: PathBuf,
        /// The version of the programs.
        version: PostgresVersion,
    },

    /// PostgreSQL is installed without an extension that is part of its own distribution.
    #[error("PostgreSQL {version} has no extension `{extension}`: `{}` is missing", control_file.display())]
    MissingExtension {
        /// The version of the server.
        version: PostgresVersion,
        /// The name of the extension.
        extension: &'static str,
        /// The missing control file of the extension.
        control_file: PathBuf,
    },

    /// The cluster was created by another major version, so the programs cannot open it.
    #[error(
        "the cluster in `{}` was created by PostgreSQL {created_by}, but the programs in `{}` are PostgreSQL {version}",
        cluster_dir.display(), bin_dir.display()
    )]
    VersionMismatch {
        /// The folder of the cluster.
        cluster_dir: PathBuf,
        /// The major version that created the cluster.
        created_by: u32,
        /// The folder of the programs.
        bin_dir: PathBuf,
        /// The version of the programs.
        version: PostgresVersion,
    },

    /// The folder of the cluster exists, but its content is not a cluster.
    #[error("`{}` is not a PostgreSQL cluster: its file `PG_VERSION` {reason}", cluster_dir.display())]
    InvalidCluster {
        /// The folder of the cluster.
        cluster_dir: PathBuf,
        /// The problem with the file `PG_VERSION`.
        reason: &'static str,
    },

    /// `initdb` failed to create the cluster.
    #[error("failed to create a PostgreSQL cluster in `{}`: `initdb` failed\n{output}", data_dir.display())]
    InitdbFailed {
        /// The data directory in which the cluster was to be created.
        data_dir: PathBuf,
        /// The last lines of the output of `initdb`.
        output: String,
    },

    /// The server ended during its start.
    #[error("failed to start the local server; its log `{}` ends with:\n{log_tail}", log.display())]
    StartFailed {
        /// The log file of the server.
        log: PathBuf,
        /// The last lines of the log.
        log_tail: String,
    },

    /// The server process runs, but does not answer on its socket.
    #[error(
        "PostgreSQL (process {pid}) runs but does not answer on `{}`; its log `{}` ends with:\n{log_tail}",
        socket_dir.display(), log.display()
    )]
    Unresponsive {
        /// The process id of the postmaster.
        pid: i32,
        /// The folder of the server's socket.
        socket_dir: PathBuf,
        /// The log file of the server.
        log: PathBuf,
        /// The last lines of the log.
        log_tail: String,
    },

    /// The server did not stop in time.
    #[error("PostgreSQL (process {pid}) did not stop within {seconds} s")]
    StopTimeout {
        /// The process id of the postmaster.
        pid: i32,
        /// The time limit in seconds.
        seconds: u64,
    },

    /// Another command held the lock for too long, or a program did not end in time.
    #[error("timed out after {seconds} s waiting for {event}")]
    Timeout {
        /// The event that the command waited for.
        event: String,
        /// The time limit in seconds.
        seconds: u64,
    },

    /// The caller is root, PostgreSQL refuses to run as root, but there is no other user to run it as.
    #[error("PostgreSQL refuses to run as root, but there is no user {names} to run it as")]
    NoUnprivilegedUser {
        /// The users that do not exist.
        names: String,
    },

    /// The user id of the calling process has no name.
    #[error("user {uid} has no name in `/etc/passwd`, but PostgreSQL requires one")]
    UnnamedUser {
        /// The user id.
        uid: u32,
    },

    /// Another user may have prepared the folder, or the server's user cannot enter it.
    #[error("`{}` cannot hold a local server: {reason}", path.display())]
    UnusableDir {
        /// The folder.
        path: PathBuf,
        /// The problem with the folder.
        reason: String,
    },

    /// Every candidate folder has a path that is too long for a Unix socket.
    #[error(
        "failed to find a folder for the Unix socket: each candidate is missing, or gives the socket a path longer than {max_len} bytes"
    )]
    NoSocketDir {
        /// The maximum length of a socket's path.
        max_len: usize,
    },

    /// A program could not be run.
    #[error("failed to run `{}`", program.display())]
    ProgramFailed {
        /// The program.
        program: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// An operation on a file or folder failed.
    #[error("failed to {operation} `{}`", path.display())]
    Io {
        /// The operation, as a verb: "open", "write".
        operation: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl Error {
    /// Returns the hint that says how to correct the error. Commands are in backquotes. None of them deletes data.
    ///
    /// The commands of Seedbed are a text, and not values that each program spells, because this crate links no driver and
    /// the crate with such hints does.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::ProgramsNotFound => format!(
                "install PostgreSQL with {PACKAGES}; or set `SEEDBED_PG_BIN` to the folder of its programs, or `DATABASE_URL` to a database"
            ),
            Self::MissingProgram { .. } => {
                "set `SEEDBED_PG_BIN` to the folder that has `initdb`, `postgres`, `pg_ctl` and `psql`; on Debian it is `/usr/lib/postgresql/<version>/bin`".to_owned()
            }
            Self::UnsupportedVersion { .. } => format!(
                "install a supported version as well with {PACKAGES}, and set `SEEDBED_PG_BIN` to its folder"
            ),
            Self::MissingExtension { .. } => {
                "install the extensions of PostgreSQL with `sudo apt-get install postgresql-contrib` or `sudo dnf install postgresql-contrib`".to_owned()
            }
            Self::VersionMismatch { created_by, cluster_dir, .. } => format!(
                "install PostgreSQL {created_by} again, or {}",
                start_empty(cluster_dir, &format!("data-{created_by}"))
            ),
            Self::InvalidCluster { cluster_dir, .. } => start_empty(cluster_dir, "data-invalid"),
            Self::Unresponsive { pid, .. } | Self::StopTimeout { pid, .. } => format!(
                "end the process with `kill -9 {pid}`; `make db-start` then recovers all committed data"
            ),
            Self::NoUnprivilegedUser { .. } => {
                "set `SEEDBED_PG_USER` to an existing user, or run the command as a user other than root".to_owned()
            }
            Self::UnnamedUser { uid } => format!(
                "run `useradd --uid {uid} developer` as root, or set `DATABASE_URL` to use an existing server"
            ),
            Self::UnusableDir { .. } => "set `SEEDBED_PG_DIR` to another folder".to_owned(),
            Self::NoSocketDir { .. } => {
                "set `SEEDBED_PG_DIR` to a folder with a short path".to_owned()
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run the command as a user that may write there; if root created the folder, change its owner with `sudo chown`".to_owned()
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "free some disk space, or set `SEEDBED_PG_DIR` to a folder on another disk"
                    .to_owned()
            }
            _ => return None,
        })
    }

    /// Returns a function for `map_err` that adds the operation and its path to an error of the system.
    pub(crate) fn io(
        operation: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { operation, path, source }
    }
}

/// The commands that install PostgreSQL. Debian's server package includes the contrib extensions, Fedora's does not.
const PACKAGES: &str = "`sudo apt-get install postgresql` (Debian, Ubuntu), `sudo dnf install postgresql-server postgresql-contrib` (Fedora, RHEL), `brew install postgresql@18` (macOS)";

/// Returns the hint with the commands that rename a cluster within its folder and create an empty one.
fn start_empty(cluster_dir: &Path, new_name: &str) -> String {
    let (from, to) = (quote(cluster_dir), quote(&cluster_dir.with_file_name(new_name)));
    format!(
        "run `make db-stop`, `mv {from} {to}` and `make fresh-start`, to keep the old data and start with an empty cluster"
    )
}

/// Quotes a path for a shell.
fn quote(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use test_support::assert_snapshot;

    use super::*;

    /// Returns one error of each variant, and one for each hint that depends on the cause.
    fn examples() -> Vec<Error> {
        let version = PostgresVersion::parse("postgres (PostgreSQL) 16.4").unwrap();
        let cluster_dir = PathBuf::from("/srv/shop/.postgres/dev/data");
        let log = PathBuf::from("/srv/shop/.postgres/dev/log");
        let log_tail = "    FATAL:  out of luck".to_owned();
        let io = |kind: io::ErrorKind| Error::io("write", &log)(kind.into());
        vec![
            Error::ProgramsNotFound,
            Error::MissingProgram { dir: "/opt/pg".into(), program: "initdb" },
            Error::UnsupportedVersion { dir: "/opt/pg".into(), version: version.clone() },
            Error::MissingExtension {
                version: version.clone(),
                extension: "citext",
                control_file: "/opt/pg/extension/citext.control".into(),
            },
            Error::VersionMismatch {
                cluster_dir: cluster_dir.clone(),
                created_by: 12,
                bin_dir: "/opt/pg".into(),
                version,
            },
            Error::InvalidCluster { cluster_dir: cluster_dir.clone(), reason: "is missing" },
            Error::InitdbFailed { data_dir: cluster_dir, output: log_tail.clone() },
            Error::StartFailed { log: log.clone(), log_tail: log_tail.clone() },
            Error::Unresponsive { pid: 7, socket_dir: "/tmp/x".into(), log: log.clone(), log_tail },
            Error::StopTimeout { pid: 7, seconds: 60 },
            Error::Timeout { event: "process 7".to_owned(), seconds: 60 },
            Error::NoUnprivilegedUser { names: "`postgres` or `nobody`".to_owned() },
            Error::UnnamedUser { uid: 1234 },
            Error::UnusableDir { path: "/srv".into(), reason: "it is not a folder".to_owned() },
            Error::NoSocketDir { max_len: 107 },
            Error::ProgramFailed {
                program: "/opt/pg/initdb".into(),
                source: io::ErrorKind::NotFound.into(),
            },
            io(io::ErrorKind::PermissionDenied),
            io(io::ErrorKind::StorageFull),
            io(io::ErrorKind::NotFound),
        ]
    }

    #[test]
    fn each_error_has_a_message_and_most_have_a_hint() {
        let report = examples().into_iter().map(|error| match error.hint() {
            Some(hint) => format!("{error}\n  hint: {hint}"),
            None => error.to_string(),
        });
        assert_snapshot!("messages", report.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn the_hint_of_an_invalid_cluster_keeps_the_data_and_quotes_the_path() {
        let cluster_dir = PathBuf::from("/srv/it's mine/dev/data");
        let error = Error::InvalidCluster { cluster_dir, reason: "is missing" };

        let hint = error.hint().unwrap();
        let mv = r"`mv '/srv/it'\''s mine/dev/data' '/srv/it'\''s mine/dev/data-invalid'`";
        assert!(hint.contains(mv), "{hint}");
    }
}
