//! The command `seedbed create-model NAME`.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_entities::{EntityDescription, singular};

use super::entities::{EntityInputs, MODELS, generated_folder};
use super::new_script;
use crate::cli_error::CliError;
use crate::display_path::display_relative;
use crate::introspect;
use crate::output::print_data;
use crate::workspace::Workspace;

/// The part of a hint that says what to do without the database.
const WRITE_BY_HAND: &str = "if you cannot use the database, write the model by hand, like those in `apps/backend/src/models`";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity, such as Widget, in any case; or the name of its table. The database must have the table.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
}

/// Writes the model and its test, and adds a `mod` line for each. Overwrites no file.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let example = SuggestedCommand::CreateModel { name: "Widget" };
    let slug = new_script::parse_slug(&args.name, example)?;
    let workspace = Workspace::find(root)?;
    let entity = describe_entity(&workspace, slug.as_str())?;
    let generated = seedbed_generate::write_model(&entity)?;
    let name = entity.module;
    if ["main", "lib", "mod"].contains(&name.as_str()) {
        return Err(CliError::failure(
            format!(
                "`{name}.rs` cannot be the file of a model, because it has a meaning of its own in Rust"
            ),
            "rename the table, or write the model and its test by hand under another name",
        ));
    }
    let backend = workspace.root().join("apps/backend");
    let models = workspace.root().join(MODELS);
    let model = models.join(format!("{name}.rs"));
    let test = backend.join(format!("tests/it/{name}.rs"));
    for file in [&model, &test] {
        if file.exists() {
            return Err(already_exists(file));
        }
    }
    let model_list = models.join("mod.rs");
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

/// Describes an entity by the schema of the development database. Fails if the file of the entity does not exist.
fn describe_entity(workspace: &Workspace, name: &str) -> anyhow::Result<EntityDescription> {
    let inputs = EntityInputs::read(workspace)?;
    let introspection = introspect::introspect(workspace, &WRITE_BY_HAND.into())?;
    let schema = &introspection.schema;
    let entity =
        seedbed_entities::describe(schema, &inputs.options, &inputs.hand_written_sources, name)?;
    let Some(entity) = entity else {
        return Err(CliError::failure(
            format!("no table of the database has an entity named `{}`", singular(name)),
            Hint::text("`crates/entity/src/tables/mod.rs` lists the entities, and ")
                .then_command(SuggestedCommand::Entities)
                .then(" prints why a table has none"),
        ));
    };
    let file = generated_folder(workspace).join(format!("{}.rs", entity.module));
    if !entity.is_hand_written && !file.exists() {
        return Err(CliError::failure(
            format!(
                "the entity `{}` is not generated yet: `{}` is missing",
                entity.module,
                display_relative(&file).display()
            ),
            Hint::text("run ").then_command(SuggestedCommand::Entities).then(" to generate it"),
        ));
    }
    Ok(entity)
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
        "move the file away to generate it again, because a model is never overwritten",
    )
}
