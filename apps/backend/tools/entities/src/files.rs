//! The folder of the entities.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use seedbed_config::{EntityOptions, PROJECT_FILE_NAME, ProjectFile};
use seedbed_entities::HAND_WRITTEN_FOLDER;
use seedbed_schema::DatabaseSchema;

/// What belongs into the folder, formatted: names and texts. Says which tables have no entity.
pub(crate) fn wanted(
    folder: &Path,
    migrated: &DatabaseSchema,
) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let root = std::env::current_dir().context("could not find the current folder")?;
    let mut files = BTreeMap::new();
    let written = seedbed_entities::write(migrated, &options()?, &by_hand(folder)?)?;
    for warning in &written.warnings {
        anstream::eprintln!("warning: {warning}");
        anstream::eprintln!("hint: {}", warning.hint());
    }
    for file in written.files {
        let text = seedbed_generate::format(&file.text, &root)
            .with_context(|| format!("could not format {} with rustfmt", file.name))?;
        files.insert(folder.join(file.name), text);
    }
    Ok(files)
}

/// The section `[entities]` of `seedbed.toml`.
pub(crate) fn options() -> anyhow::Result<EntityOptions> {
    Ok(ProjectFile::read(Path::new(PROJECT_FILE_NAME))?.entities)
}

/// The sources of the hand-written files beside the folder.
pub(crate) fn by_hand(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    sources(&folder.parent().unwrap_or(folder).join(HAND_WRITTEN_FOLDER))
}

/// The sources in a folder by the names of their modules.
pub(crate) fn sources(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for file in rust_files(folder)? {
        let text = fs::read_to_string(&file)
            .with_context(|| format!("could not read {}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        sources.insert(name.into_owned(), text);
    }
    Ok(sources)
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
