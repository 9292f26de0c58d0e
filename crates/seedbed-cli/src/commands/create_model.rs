//! `seedbed create-model NAME`

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::new_script;
use crate::cli_error::CliError;
use crate::display_path::display_relative;
use crate::output::print_data;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity, such as Widget, in any case; or the name of its table.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
}

/// Writes the model and its test, and adds a `mod` line for each. Overwrites no file.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::parse_slug(&args.name, "`make create-model name=Widget`")?;
    let name = seedbed_generate::singular(slug.as_str());
    let workspace = Workspace::find(root)?;
    let entity = read_entity(&workspace, &name)?;
    let generated = seedbed_generate::write_model(&name, &entity)?;
    let backend = workspace.root().join("apps/backend");
    let model = backend.join(format!("src/models/{name}.rs"));
    let test = backend.join(format!("tests/it/{name}.rs"));
    for file in [&model, &test] {
        if file.exists() {
            return Err(already_exists(file));
        }
    }
    let model_list = backend.join("src/models/mod.rs");
    let test_list = backend.join("tests/it/main.rs");
    let lists = [
        (&model_list, seedbed_generate::add_module(&read_file(&model_list)?, "pub mod ", &name)),
        (&test_list, seedbed_generate::add_module(&read_file(&test_list)?, "mod ", &name)),
    ];
    create_file(&model, &new_script::format_source(generated.model, &workspace)?)?;
    create_file(&test, &new_script::format_source(generated.test, &workspace)?)?;
    for (list, text) in lists {
        fs::write(list, text)
            .with_context(|| format!("failed to write `{}`", display_relative(list).display()))?;
    }
    [model, test, model_list, test_list]
        .iter()
        .try_for_each(|file| print_data(&display_relative(file).display().to_string()))
}

fn read_file(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file)
        .with_context(|| format!("failed to read `{}`", display_relative(file).display()))
}

/// Returns the source of an entity, whether it is generated or written by hand.
fn read_entity(workspace: &Workspace, name: &str) -> anyhow::Result<String> {
    let folder = workspace.root().join("crates/entity/src");
    let file = folder.join(format!("tables/{name}.rs"));
    for file in [&file, &folder.join(format!("by_hand/{name}.rs"))] {
        match fs::read_to_string(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            result => {
                return result.with_context(|| {
                    format!("failed to read `{}`", display_relative(file).display())
                });
            }
        }
    }
    Err(CliError::failure(
        format!("there is no entity `{name}`: `{}` is missing", display_relative(&file).display()),
        "`make entities` generates it after a migration has created its table",
    ))
}

/// Creates a file. Fails if it exists, so that two commands that create the same model do not overwrite each other.
fn create_file(file: &PathBuf, text: &str) -> anyhow::Result<()> {
    let created = OpenOptions::new().write(true).create_new(true).open(file);
    match created.and_then(|mut new| new.write_all(text.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(already_exists(file)),
        result => result
            .with_context(|| format!("failed to write `{}`", display_relative(file).display())),
    }
}

fn already_exists(file: &Path) -> anyhow::Error {
    CliError::failure(
        format!("`{}` already exists", display_relative(file).display()),
        "a model is generated once and never overwritten; move the file away to generate it again",
    )
}
