//! Why there is no new script.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Kind, Slug};

/// What keeps a script from being written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The folder is not there.
    #[error("the folder of the {} is missing: {}", .kind.plural(), .path.display())]
    MissingFolder {
        /// Of what.
        kind: Kind,
        /// The folder.
        path: PathBuf,
    },

    /// The folder cannot be read.
    #[error("could not read {}", .path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// Another script does this already, or did.
    #[error("there is a {kind} `{slug}` already: {}", .path.display())]
    Taken {
        /// What the folder holds.
        kind: Kind,
        /// The words of the name.
        slug: Slug,
        /// The file that has them.
        path: PathBuf,
    },

    /// The newest file is of the last second of the year 9999.
    #[error("no timestamp comes after that of {}", .path.display())]
    NoTimeLeft {
        /// The file.
        path: PathBuf,
    },

    /// The folder is read-only, the disk is full, or the like.
    #[error("could not write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl CreateError {
    pub(crate) fn folder(kind: Kind, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::MissingFolder { kind, path },
            _ => Self::Read { path, source },
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::MissingFolder { path, .. } => format!("mkdir -p {}", path.display()),
            Self::Taken { slug, .. } => {
                format!("choose a name that tells them apart, such as {slug}_again")
            }
            Self::NoTimeLeft { path } => format!("rename {}", path.display()),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "give yourself the right to write there: chmod u+w, or ask whose folder it is"
                    .to_owned()
            }
            Self::Read { .. } | Self::Write { .. } => return None,
        })
    }
}
