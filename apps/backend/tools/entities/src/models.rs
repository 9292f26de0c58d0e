//! The models over the entities.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::files::rust_files;

/// What `check` has to say of the models. That they fit their entities the compiler tells, but only of
/// those that it is given.
#[derive(Debug, thiserror::Error)]
#[error("the models do not follow the entities:{}", .0.iter().map(|line| format!("\n  {line}")).collect::<String>())]
pub(crate) struct Astray(Vec<String>);

impl Astray {
    pub(crate) fn hint(&self) -> String {
        "a model is a file in models/, a `pub mod` line in its mod.rs, and `use entity::…` of its own name; \
         `make create-model name=Widget` writes all three"
            .to_owned()
    }
}

/// The entities that the folder lists, those that are written by hand too.
pub(crate) fn entities(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let list = folder.join("mod.rs");
    let list =
        fs::read_to_string(&list).with_context(|| format!("could not read {}", list.display()))?;
    let name = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    Ok(list.lines().filter_map(name).filter(|name| name != "enums").collect())
}

/// Every file is in the list, and over the entity of its name; every such entity is there.
pub(crate) fn check(models: &Path, entities: &BTreeSet<String>) -> anyhow::Result<()> {
    let read = |file: &Path| {
        fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))
    };
    let list = read(&models.join("mod.rs"))?;
    let mut astray = Vec::new();
    for file in rust_files(models)? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        if name == "mod" {
            continue;
        }
        let file = file.display();
        if !list.lines().any(|line| line.trim() == format!("pub mod {name};")) {
            astray.push(format!("{file} is not listed in mod.rs, and so not compiled"));
        }
        if !entities.contains(name.as_ref()) {
            astray.push(format!("{file} has no entity: there is no entity::{name}"));
        } else if !read(&models.join(format!("{name}.rs")))?.contains(&format!("entity::{name}::"))
        {
            astray.push(format!("{file} does not use entity::{name}"));
        }
    }
    if astray.is_empty() { Ok(()) } else { Err(Astray(astray).into()) }
}
