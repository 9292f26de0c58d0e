//! `seedbed entities` and `seedbed entities-check`

use std::ffi::OsString;
use std::path::Path;

use crate::database::{self, Database};
use crate::programs;
use crate::variables::Variables;
use crate::workspace::Workspace;

/// Where the generated entities are.
const TABLES: &str = "crates/entity/src/tables";
/// Where the models over them are.
const MODELS: &str = "apps/backend/src/models";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Handed to the program that generates and compares entities.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Generates the entities. What generates them links none of them, so it works when they do not compile.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    become_entities(root, &["--no-default-features"], &["write", TABLES], args)
}

/// Fails unless the entities are what the migrations make.
pub(crate) fn check(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    become_entities(root, &[], &["check", TABLES, "--models", MODELS], args)
}

fn become_entities(
    root: Option<&Path>,
    features: &[&str],
    command: &[&str],
    args: &Args,
) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let database = Database::choose(&workspace, &variables)?;
    database.announce();
    let mut cargo = programs::cargo(&workspace, "run");
    cargo.args(["--quiet", "--package", "entities", "--bin", "entities"]).args(features);
    cargo.arg("--").args(command).args(&args.arguments);
    database.hand_to(&mut cargo, "DATABASE_URL", database::DATABASE);
    programs::become_program(&mut cargo)
}
