//! The folder of the entities.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use seedbed_catalog::Catalog;
use seedbed_entities::{ByHand, HAND_WRITTEN};

/// A file of the folder is not what `write` would make of it.
#[derive(Debug)]
pub(crate) struct NotWritten(pub(crate) Vec<PathBuf>);

impl NotWritten {
    pub(crate) fn hint(&self) -> String {
        format!(
            "`make entities` writes them anew; what is yours belongs into {HAND_WRITTEN}/ beside them"
        )
    }
}

impl std::fmt::Display for NotWritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "these are not as `make entities` writes them:")?;
        self.0.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl std::error::Error for NotWritten {}

/// What belongs into the folder, formatted: names and texts.
pub(crate) fn wanted(
    folder: &Path,
    migrated: &Catalog,
) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let by_hand = folder.parent().unwrap_or(folder).join(HAND_WRITTEN);
    let by_hand = by_hand_in(&by_hand)?;
    let root = std::env::current_dir().context("could not find the current folder")?;
    let mut files = BTreeMap::new();
    for file in seedbed_entities::write(migrated, &by_hand)? {
        let text = seedbed_generate::format(&file.text, &root)
            .with_context(|| format!("could not format {} with rustfmt", file.name))?;
        files.insert(folder.join(file.name), text);
    }
    Ok(files)
}

fn by_hand_in(folder: &Path) -> anyhow::Result<BTreeMap<String, ByHand>> {
    let mut by_hand = BTreeMap::new();
    for file in rust_files(folder)? {
        let text = fs::read_to_string(&file)
            .with_context(|| format!("could not read {}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        by_hand.insert(name.into_owned(), ByHand::of(&text));
    }
    Ok(by_hand)
}

/// The entities that the folder lists, those that are written by hand too.
pub(crate) fn entities(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let list = folder.join("mod.rs");
    let list =
        fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    let name = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    Ok(list.lines().filter_map(name).filter(|name| name != "enums").collect())
}

/// Those of the files that are another text in the folder, or are too many there.
pub(crate) fn changed(
    folder: &Path,
    wanted: &BTreeMap<PathBuf, String>,
) -> anyhow::Result<Vec<PathBuf>> {
    let present = rust_files(folder)?;
    let mut changed: Vec<PathBuf> =
        present.iter().filter(|file| !wanted.contains_key(*file)).cloned().collect();
    for (file, text) in wanted {
        // A checkout may have given it other line ends.
        let is = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
        if is != *text {
            changed.push(file.clone());
        }
    }
    changed.sort();
    Ok(changed)
}

/// Those with Rust in the folder, if it is there.
pub(crate) fn rust_files(folder: &Path) -> anyhow::Result<BTreeSet<PathBuf>> {
    let could_not = || format!("could not read {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.with_context(could_not)?,
    };
    let mut files = BTreeSet::new();
    for entry in entries {
        let path = entry.with_context(could_not)?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(path);
        }
    }
    Ok(files)
}
