//! The checkout that a command works in.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli_error::CliError;

/// The folder that marks the root of a checkout.
const SCRIPTS: &str = "apps/backend/tools/rds";

/// A checkout with scripts, by its root folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Returns the checkout that `--root` names, else the nearest checkout above the current folder.
    pub(crate) fn find(root: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(root) = root {
            return Self::at_root(root).ok_or_else(|| {
                CliError::failure(
                    format!("`{}` has no folder `{SCRIPTS}`", root.display()),
                    "name the root of the checkout with `--root FOLDER`",
                )
            });
        }
        let current = env::current_dir().context("failed to find the current folder")?;
        Self::find_above(&current).ok_or_else(|| {
            CliError::failure(
                format!(
                    "neither `{}` nor a folder above it has a folder `{SCRIPTS}`",
                    current.display()
                ),
                "change into the checkout, or name it with `--root FOLDER`",
            )
        })
    }

    fn find_above(folder: &Path) -> Option<Self> {
        folder.ancestors().find_map(Self::at_root)
    }

    fn at_root(root: &Path) -> Option<Self> {
        root.join(SCRIPTS).is_dir().then(|| Self { root: root.to_path_buf() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.root.join(SCRIPTS).join("src/migrations")
    }

    pub(crate) fn seeds(&self) -> PathBuf {
        self.root.join(SCRIPTS).join("src/seeds")
    }
}

/// Returns the Rust files in a folder, sorted by name. Returns none if the folder is missing.
pub(crate) fn rust_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("failed to read `{}`", dir.display()))?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("failed to read `{}`", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    // The order of a directory listing differs between file systems.
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_checkout_above_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("vendor/inner");
        fs::create_dir_all(folder.path().join(SCRIPTS)).unwrap();
        fs::create_dir_all(inner.join(SCRIPTS).join("src")).unwrap();

        let found = Workspace::find_above(&inner.join(SCRIPTS).join("src"));
        assert_eq!(found, Some(Workspace { root: inner }));
        let found = Workspace::find_above(&folder.path().join("vendor"));
        assert_eq!(found.unwrap().root(), folder.path());
    }
}
