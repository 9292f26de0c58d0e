//! What can be wrong with a folder of scripts.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Kind, Slug};

/// Why a folder cannot become a list of scripts, or the list not a registry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The folder is not there.
    #[error("the folder of the {} is missing: {}", .kind.plural(), .path.display())]
    MissingFolder {
        /// Of what.
        kind: Kind,
        /// The folder.
        path: PathBuf,
    },

    /// A folder or a file that is there cannot be read.
    #[error("could not read {}", .path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// A file, or a folder, that has no business there.
    #[error("{} is not a {kind}: {reason}", .path.display())]
    NotAScript {
        /// What the folder holds.
        kind: Kind,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
        /// What a script made of it could be called.
        slug: Option<Slug>,
    },

    /// One name in two folders.
    #[error("{} and {} have the same name", .first.display(), .second.display())]
    SameName {
        /// The first, in the order of the paths.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },

    /// A file in neither of the two formats.
    #[error("{} has no `pub async fn up`", .path.display())]
    NoUp {
        /// The file.
        path: PathBuf,
    },

    /// An item that would silently be taken for absent.
    #[error("nothing can use the `{item}` of {} as it is declared", .path.display())]
    Misdeclared {
        /// The file.
        path: PathBuf,
        /// The name of the item.
        item: &'static str,
        /// How to declare it.
        write: &'static str,
    },

    /// Rust sources are Unicode, and the registry is one that holds this path.
    #[error("{} is not a path in Unicode", .path.display())]
    NotUnicode {
        /// The path.
        path: PathBuf,
    },

    /// The registry cannot be written.
    #[error("could not write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// A variable that cargo sets for a build script.
    #[error("the variable {name} is not set")]
    NoVariable {
        /// Its name.
        name: &'static str,
    },
}

impl ScanError {
    pub(crate) fn folder(kind: Kind, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::MissingFolder { kind, path },
            _ => Self::Read { path, source },
        }
    }

    /// What to do about it; the command to type, if there is one.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::MissingFolder { path, .. } => format!("mkdir -p {}", path.display()),
            Self::NotAScript { kind, slug: Some(slug), .. } => {
                let command = kind.create_command();
                format!(
                    "`make {command} name={slug}` writes a file with a timestamp to move it into"
                )
            }
            Self::NotAScript { kind, slug: None, .. } => {
                let command = kind.create_command();
                format!("move it out of there; `make {command} name=…` writes a new {kind}")
            }
            Self::SameName { second, .. } => format!("rename {}", second.display()),
            Self::NoUp { .. } => {
                "write `pub async fn up(schema: &Schema<'_>) -> Result { … }`".to_owned()
            }
            Self::Misdeclared { write, .. } => format!("write `{write}`"),
            Self::NotUnicode { .. } => "rename it".to_owned(),
            Self::NoVariable { .. } => "call this from build.rs, which cargo runs".to_owned(),
            Self::Read { .. } | Self::Write { .. } => return None,
        })
    }
}
