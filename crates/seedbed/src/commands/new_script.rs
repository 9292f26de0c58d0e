//! What `create-migration` and `create-seed` have in common.

use std::path::Path;

use seedbed_files::{NameError, Slug, Template, Version};

use crate::output::{Advice, print};
use crate::path;

/// The name that somebody typed. `make` passes an empty one when there was none.
pub(super) fn slug(name: &str, example: &str) -> anyhow::Result<Slug> {
    Slug::parse(name).map_err(|error| {
        let hint = match error {
            NameError::Empty => example.to_owned(),
            _ => error.hint(),
        };
        Advice::wrong_use(error.to_string(), hint)
    })
}

/// Writes the file and prints where it is, as seen from the current folder.
pub(super) fn create(dir: &Path, slug: &Slug, template: Template) -> anyhow::Result<()> {
    let file = seedbed_files::create(dir, slug, Version::now(), template)?;
    print(&path::from_here(&file).display().to_string())
}
