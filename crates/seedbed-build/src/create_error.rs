//! The errors of creating a script.

use std::io;
use std::path::{Path, PathBuf};

use crate::{ScriptKind, Slug};

/// The reason why a script could not be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The folder does not exist.
    #[error("the folder of the {} is missing: `{}`", .kind.plural(), .path.display())]
    MissingFolder {
        /// The kind of the scripts in the folder.
        kind: ScriptKind,
        /// The folder.
        path: PathBuf,
    },

    /// The folder cannot be read.
    #[error("failed to read `{}`", .path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },

    /// Another script has the same slug.
    #[error("the {kind} `{slug}` already exists: `{}`", .path.display())]
    AlreadyExists {
        /// The kind of the scripts in the folder.
        kind: ScriptKind,
        /// The slug of both scripts.
        slug: Slug,
        /// The existing file.
        path: PathBuf,
    },

    /// The newest file has the last second of the year 9999 as its timestamp.
    #[error("`{}` has the latest possible timestamp, so no later script can be created", .path.display())]
    NoTimestampLeft {
        /// The file.
        path: PathBuf,
    },

    /// The file cannot be written, for example because the folder is read-only or the disk is full.
    #[error("failed to write `{}`", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl CreateError {
    /// Returns the error for a folder that is missing or cannot be read.
    pub(crate) fn folder(kind: ScriptKind, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::MissingFolder { kind, path },
            _ => Self::Read { path, source },
        }
    }

    /// Returns the hint that says how to correct the error.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::MissingFolder { path, .. } => {
                format!("create it with `mkdir -p {}`", path.display())
            }
            Self::AlreadyExists { slug, .. } => {
                format!("choose another name, such as `{slug}_again`")
            }
            Self::NoTimestampLeft { path } => {
                format!("rename `{}`, and give it an earlier timestamp", path.display())
            }
            Self::Write { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run `chmod u+w` on the folder, or ask its owner to run it".to_owned()
            }
            Self::Read { .. } | Self::Write { .. } => return None,
        })
    }
}
