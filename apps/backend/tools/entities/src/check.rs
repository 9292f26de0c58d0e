//! `check`: the entities as they are written.

use std::path::{Path, PathBuf};

use seedbed_engine::SessionOptions;
use seedbed_entities::{Difference, HAND_WRITTEN_FOLDER};

use crate::database::migrated;
use crate::files::{by_hand, changed, sources, wanted};
use crate::models;

/// The entities are not what the migrations make: in what somebody wants to read first, and in their files.
#[derive(Debug)]
pub(crate) struct NotWritten {
    differences: Vec<Difference>,
    files: Vec<PathBuf>,
}

impl NotWritten {
    pub(crate) fn hint(&self) -> String {
        format!(
            "`make entities` to write them again; put your own code into {HAND_WRITTEN_FOLDER}/ beside them"
        )
    }
}

impl std::fmt::Display for NotWritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the entities are not what the migrations make:")?;
        self.differences.iter().try_for_each(|difference| write!(f, "\n  {difference}"))?;
        self.files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl std::error::Error for NotWritten {}

/// First column by column, which is what somebody wants to read; then the files, for the rest; then the
/// models.
pub(crate) async fn run(
    options: &SessionOptions,
    folder: &Path,
    models: Option<&Path>,
) -> anyhow::Result<()> {
    let schema = migrated(options).await?;
    let files = changed(folder, &wanted(folder, &schema)?)?;
    let (generated, by_hand) = (sources(folder)?, by_hand(folder)?);
    let differences =
        seedbed_entities::compare(&schema, &crate::files::options()?, &generated, &by_hand)?;
    if !files.is_empty() || !differences.is_empty() {
        return Err(NotWritten { differences, files }.into());
    }
    if let Some(models) = models {
        models::check(models, &models::entities(folder)?)?;
    }
    anstream::eprintln!("the entities are what the migrations make");
    Ok(())
}
