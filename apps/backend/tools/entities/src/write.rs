//! `write`: the entities, as files.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use seedbed_engine::SessionOptions;

use crate::database::migrated;
use crate::files::{changed, wanted};

/// A file that is as it should be is not written: cargo would compile everything above it again.
pub(crate) async fn run(options: &SessionOptions, folder: &Path) -> anyhow::Result<()> {
    let files = wanted(folder, &migrated(options).await?)?;
    let changed = changed(folder, &files)?;
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    for file in &changed {
        let done = match files.get(file) {
            Some(text) => fs::write(file, text),
            None => fs::remove_file(file),
        };
        done.with_context(|| format!("could not write {}", file.display()))?;
        anstream::println!("{}", file.display());
    }
    if changed.is_empty() {
        anstream::eprintln!("nothing to do: the entities are what the migrations make");
    }
    Ok(())
}
