//! Checks that the models match the entities. The compiler sees only the models that `mod.rs` lists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use seedbed_config::{Hint, SuggestedCommand};

use crate::cli_error::CliError;
use crate::display_path::display_relative;
use crate::workspace::rust_files;

/// Fails unless every file in the folder of the models is listed in `mod.rs`, and uses the entity with the same name.
pub(crate) fn ensure_models_match(
    models: &Path,
    entities: &BTreeSet<String>,
) -> anyhow::Result<()> {
    let list = read(&models.join("mod.rs"))?;
    let mut faults = Vec::new();
    for path in rust_files(models)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if name == "mod" {
            continue;
        }
        let file = display_relative(&path);
        let file = file.display();
        if !list.lines().any(|line| line.trim() == format!("pub mod {name};")) {
            faults.push(format!("`{file}` is not listed in `mod.rs`, so it is not compiled"));
        }
        if !entities.contains(name.as_ref()) {
            faults.push(format!("`{file}` has no entity: `entity::{name}` does not exist"));
        } else if !read(&path)?.contains(&format!("entity::{name}::")) {
            faults.push(format!("`{file}` does not use `entity::{name}`"));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let list: String = faults.iter().map(|fault| format!("\n  {fault}")).collect();
    Err(CliError::failure(
        format!("the models do not match the entities:{list}"),
        Hint::text("run ").then_command(SuggestedCommand::CreateModel { name: "Widget" }).then(
            ", which writes the file in `models/`, its `pub mod` line in `mod.rs` and its `use entity::…`",
        ),
    ))
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file)
        .with_context(|| format!("failed to read `{}`", display_relative(file).display()))
}
