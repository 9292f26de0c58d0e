//! The checkout.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::output::Advice;

/// The folder by which a checkout is recognised, from its root.
const SCRIPTS: &str = "apps/backend/tools/rds";

/// A checkout that has scripts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The one that was named, else the nearest above the current folder.
    pub(crate) fn find(named: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(root) = named {
            return Self::at(root).ok_or_else(|| {
                Advice::failure(
                    format!("{} has no folder {SCRIPTS}", root.display()),
                    "name the root of the checkout with --root",
                )
            });
        }
        let here = env::current_dir().context("could not find the current folder")?;
        Self::above(&here).ok_or_else(|| {
            Advice::failure(
                format!("neither {} nor a folder above it has {SCRIPTS}", here.display()),
                "change into the checkout, or name it with --root",
            )
        })
    }

    fn above(folder: &Path) -> Option<Self> {
        folder.ancestors().find_map(Self::at)
    }

    fn at(root: &Path) -> Option<Self> {
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

/// The files in a folder that may be scripts, in the order of their names; none if it is missing.
pub(crate) fn script_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("could not read {}", dir.display()))?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("could not read {}", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    // The disk has an order of its own, another one on each machine.
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

        let found = Workspace::above(&inner.join(SCRIPTS).join("src"));
        assert_eq!(found, Some(Workspace { root: inner }));
        let found = Workspace::above(&folder.path().join("vendor"));
        assert_eq!(found.unwrap().root(), folder.path());
    }
}
