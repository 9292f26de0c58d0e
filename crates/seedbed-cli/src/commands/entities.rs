//! The commands `seedbed entities` and `seedbed entities-check`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use seedbed_config::{EntityOptions, Hint, PROJECT_FILE_NAME, ProjectFile, SuggestedCommand};
use seedbed_entities::{Difference, HAND_WRITTEN_FOLDER};
use seedbed_schema::DatabaseSchema;

use super::migrator::Build;
use crate::cli_error::CliError;
use crate::derived_files::{DerivedFiles, StaleFile};
use crate::display_path::display_relative;
use crate::migrated_schema;
use crate::model_check::ensure_models_match;
use crate::output::{print_data, print_message};
use crate::workspace::{Workspace, rust_files};

/// The folder of the entities, which has one folder for generated entities and one for entities that are written by
/// hand.
const ENTITIES: &str = "crates/entity/src";
/// The name of the folder of the generated entities.
const TABLES: &str = "tables";
/// The folder of the models, which use the entities.
pub(super) const MODELS: &str = "apps/backend/src/models";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Flags of the migrator.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Generates the entities, and prints the paths of the files that changed.
pub(crate) fn run(root: Option<&Path>, build: Build, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let schema = migrated_schema::read(&workspace, build, &args.arguments)?;
    let generated = Generated::new(&workspace, &schema)?;
    let changed = generated.files.write()?;
    if changed.is_empty() {
        print_message("nothing to do: the entities match the migrations");
    }
    changed.iter().try_for_each(|path| print_data(&display_relative(path).display().to_string()))
}

/// Fails unless the entities match the migrations, including entities that are written by hand, and the models match
/// the entities. Compares sources, so it works even if they do not compile.
pub(crate) fn check(root: Option<&Path>, build: Build, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let schema = migrated_schema::read(&workspace, build, &args.arguments)?;
    let generated = Generated::new(&workspace, &schema)?;
    let differences = generated.differences(&schema)?;
    let mut stale = generated.files.stale()?;
    // Such a difference says more than the first line that differs, so a file with one is not listed too.
    stale.retain(|file| {
        let module = file.path.file_stem().and_then(OsStr::to_str);
        let module = module.filter(|_| file.path.starts_with(&generated.folder));
        !differences.iter().any(|one| module.is_some_and(|module| one.modules.contains(module)))
    });
    if !stale.is_empty() || !differences.is_empty() {
        return Err(not_current(&differences, &stale));
    }
    let models = workspace.root().join(MODELS);
    if models.is_dir() {
        ensure_models_match(&models, &generated.modules)?;
    }
    print_message("the entities match the migrations");
    Ok(())
}

/// The entities of the schema that the migrations create.
struct Generated {
    files: DerivedFiles,
    /// The names of the entities, including those that are written by hand.
    modules: BTreeSet<String>,
    inputs: EntityInputs,
    /// The folder of the generated files.
    folder: PathBuf,
}

/// The inputs of the entities besides the schema.
pub(super) struct EntityInputs {
    pub(super) options: EntityOptions,
    /// The sources that are written by hand.
    pub(super) hand_written_sources: BTreeMap<String, String>,
}

impl EntityInputs {
    pub(super) fn read(workspace: &Workspace) -> anyhow::Result<Self> {
        let options = ProjectFile::read(&workspace.root().join(PROJECT_FILE_NAME))?.entities;
        let hand_written_sources =
            sources(&workspace.root().join(ENTITIES).join(HAND_WRITTEN_FOLDER))?;
        Ok(Self { options, hand_written_sources })
    }
}

/// Returns the folder of the generated entities.
pub(super) fn generated_folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join(ENTITIES).join(TABLES)
}

impl Generated {
    /// Generates and formats the entities. Prints a warning about each object without an entity or with an unexpected
    /// one.
    fn new(workspace: &Workspace, schema: &DatabaseSchema) -> anyhow::Result<Self> {
        let inputs = EntityInputs::read(workspace)?;
        let generated =
            seedbed_entities::write(schema, &inputs.options, &inputs.hand_written_sources)?;
        for warning in &generated.warnings {
            print_message(&format!("warning: {warning}\nhint: {}", warning.hint()));
        }
        let folder = generated_folder(workspace);
        let mut texts = Vec::new();
        for file in generated.files {
            let text = seedbed_generate::format(&file.text, workspace.root())
                .with_context(|| format!("failed to format `{}` with rustfmt", file.name))?;
            texts.push((folder.join(file.name), text));
        }
        let files = DerivedFiles::new(texts).with_surplus_files_of(&folder)?;
        Ok(Self { files, modules: generated.modules, inputs, folder })
    }

    /// Compares the entities in the checkout, generated or written by hand, with the schema. Describes each difference
    /// as one of the schema, and not as one of the text of a file.
    fn differences(&self, schema: &DatabaseSchema) -> anyhow::Result<Vec<Difference>> {
        let current = sources(&self.folder)?;
        Ok(seedbed_entities::compare(
            schema,
            &self.inputs.options,
            &current,
            &self.inputs.hand_written_sources,
        )?)
    }
}

/// Reads the sources in a folder by the names of their modules.
fn sources(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for file in rust_files(folder)? {
        let text = match fs::read_to_string(&file) {
            // A generated file that is not UTF-8 is stale, and rustc reports such a file if it is written by hand.
            Err(error) if error.kind() == ErrorKind::InvalidData => continue,
            text => text.with_context(|| {
                format!("failed to read `{}`", display_relative(&file).display())
            })?,
        };
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        sources.insert(name.into_owned(), text);
    }
    Ok(sources)
}

fn not_current(differences: &[Difference], stale: &[StaleFile<'_>]) -> anyhow::Error {
    let differences = differences.iter().map(|difference| format!("\n  {difference}"));
    let stale = stale.iter().map(|file| format!("\n  {file}"));
    let list: String = differences.chain(stale).collect();
    CliError::failure(
        format!("the entities do not match the migrations:{list}"),
        Hint::text("run ").then_command(SuggestedCommand::Entities).then(format!(
            " to write them again; write your own code in `{HAND_WRITTEN_FOLDER}/` beside them"
        )),
    )
}
