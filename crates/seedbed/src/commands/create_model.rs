//! `seedbed create-model NAME`

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::new_script;
use crate::output::{Advice, print};
use crate::path::from_here;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity, such as Widget; any case, the name of the table too.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
}

/// Writes the model, its test and the line of each in the list of its folder; overwrites nothing.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::slug(&args.name, "make create-model name=Widget")?;
    let name = seedbed_generate::singular(slug.as_str());
    let workspace = Workspace::find(root)?;
    let entity = entity(&workspace, &name)?;
    let written = seedbed_generate::write_model(&name, &entity)?;
    let backend = workspace.root().join("apps/backend");
    let model = backend.join(format!("src/models/{name}.rs"));
    let test = backend.join(format!("tests/it/{name}.rs"));
    for file in [&model, &test] {
        if file.exists() {
            return Err(taken(file));
        }
    }
    let models = backend.join("src/models/mod.rs");
    let tests = backend.join("tests/it/main.rs");
    let lists = [
        (&models, seedbed_generate::add_module(&read(&models)?, "pub mod ", &name)),
        (&tests, seedbed_generate::add_module(&read(&tests)?, "mod ", &name)),
    ];
    create(&model, &new_script::formatted(written.model, &workspace)?)?;
    create(&test, &new_script::formatted(written.test, &workspace)?)?;
    for (list, text) in lists {
        fs::write(list, text)
            .with_context(|| format!("could not write {}", from_here(list).display()))?;
    }
    [model, test, models, tests]
        .iter()
        .try_for_each(|file| print(&from_here(file).display().to_string()))
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file)
        .with_context(|| format!("could not read {}", from_here(file).display()))
}

/// Its text: as it was written, or by hand.
fn entity(workspace: &Workspace, name: &str) -> anyhow::Result<String> {
    let folder = workspace.root().join("crates/entity/src");
    let file = folder.join(format!("tables/{name}.rs"));
    for file in [&file, &folder.join(format!("by_hand/{name}.rs"))] {
        match fs::read_to_string(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            text => {
                return text
                    .with_context(|| format!("could not read {}", from_here(file).display()));
            }
        }
    }
    Err(Advice::failure(
        format!("there is no entity {name}: {} is missing", from_here(&file).display()),
        "`make entities` writes it, once a migration creates its table",
    ))
}

/// Only if it is not there: two that create the same model do not overwrite each other.
fn create(file: &PathBuf, text: &str) -> anyhow::Result<()> {
    let created = OpenOptions::new().write(true).create_new(true).open(file);
    match created.and_then(|mut new| new.write_all(text.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(taken(file)),
        done => done.with_context(|| format!("could not write {}", from_here(file).display())),
    }
}

fn taken(file: &Path) -> anyhow::Error {
    Advice::failure(
        format!("{} is there already", from_here(file).display()),
        "a model is written once and is yours from then on; move the file away for a new one",
    )
}
