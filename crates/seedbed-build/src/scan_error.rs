//! The errors of scanning a folder and of writing the registry.

use std::io;
use std::path::{Path, PathBuf};

use crate::{ScriptKind, Slug};

/// The reason why a folder could not be scanned, or the registry could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The folder does not exist.
    #[error("the folder of the {} is missing: `{}`", .kind.plural(), .path.display())]
    MissingFolder {
        /// The kind of the scripts in the folder.
        kind: ScriptKind,
        /// The folder.
        path: PathBuf,
    },

    /// A folder or a file cannot be read.
    #[error("failed to read `{}`", .path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },

    /// A file is not a script.
    #[error("`{}` is not a {kind}: {reason}", .path.display())]
    NotAScript {
        /// The kind of the scripts in the folder.
        kind: ScriptKind,
        /// The file.
        path: PathBuf,
        /// The reason why it is not a script.
        reason: &'static str,
        /// The words of the file name, as the slug of a new script with the same content.
        slug: Option<Slug>,
    },

    /// A folder is in a place where no folder can be, or has a name that is not allowed there.
    #[error("`{}` is not a {kind}: {reason}", .path.display())]
    UnexpectedFolder {
        /// The kind of the scripts in the folder that was scanned.
        kind: ScriptKind,
        /// The unexpected folder.
        path: PathBuf,
        /// The reason why it is not allowed.
        reason: &'static str,
        /// The hint that says how to correct the error.
        hint: &'static str,
    },

    /// Two scripts in different folders have the same name.
    #[error("`{}` and `{}` have the same name", .first.display(), .second.display())]
    DuplicateName {
        /// The first file, in the order of the paths.
        first: PathBuf,
        /// The second file.
        second: PathBuf,
    },

    /// A file has neither of the two formats.
    #[error("`{}` has no `pub async fn up`", .path.display())]
    NoUp {
        /// The file.
        path: PathBuf,
    },

    /// A reserved item is declared in a way that would silently be ignored.
    #[error("the declaration of `{item}` in `{}` is not supported", .path.display())]
    Misdeclared {
        /// The file.
        path: PathBuf,
        /// The name of the item.
        item: &'static str,
        /// The usable declaration of the item.
        write: &'static str,
    },

    /// A path is not Unicode, so the registry, which is a Rust source, cannot hold it.
    #[error("the path `{}` is not Unicode", .path.display())]
    NotUnicode {
        /// The path.
        path: PathBuf,
    },

    /// The registry cannot be written.
    #[error("failed to write `{}`", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },

    /// A variable that cargo sets for a build script is not set.
    #[error("the environment variable `{name}` is not set")]
    MissingVariable {
        /// The name of the variable.
        name: &'static str,
    },
}

impl ScanError {
    /// Returns the error for a folder that is missing or cannot be read.
    pub(crate) fn folder(kind: ScriptKind, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::MissingFolder { kind, path },
            _ => Self::Read { path, source },
        }
    }

    /// Returns the hint that says how to correct the error, with the command to type if there is one.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::MissingFolder { path, .. } => {
                format!("create it with `mkdir -p {}`", path.display())
            }
            Self::NotAScript { kind, slug: Some(slug), .. } => {
                let command = kind.create_command();
                format!(
                    "run `make {command} name={slug}`, which creates a file with a timestamp, and move the content there"
                )
            }
            Self::NotAScript { kind, slug: None, .. } => {
                let command = kind.create_command();
                format!(
                    "move the file to another folder, or create a {kind} with `make {command} name=…`"
                )
            }
            Self::UnexpectedFolder { hint, .. } => (*hint).to_owned(),
            Self::DuplicateName { .. } => "give one of the two files another name".to_owned(),
            Self::NoUp { .. } => {
                "add `pub async fn up(schema: &Schema<'_>) -> Result { … }`".to_owned()
            }
            Self::Misdeclared { write, .. } => format!("declare it as `{write}`"),
            Self::NotUnicode { .. } => "rename the file or the folder".to_owned(),
            Self::MissingVariable { .. } => "call this function only from a `build.rs`".to_owned(),
            Self::Read { .. } | Self::Write { .. } => return None,
        })
    }
}
