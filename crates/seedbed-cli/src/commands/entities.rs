//! `seedbed entities` and `seedbed entities-check`

use std::ffi::OsString;
use std::path::Path;

use crate::database::{self, Database};
use crate::programs;
use crate::variables::Variables;
use crate::workspace::Workspace;

/// The folder of the generated entities.
const TABLES: &str = "crates/entity/src/tables";
/// The folder of the models, which use the entities.
const MODELS: &str = "apps/backend/src/models";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Arguments for the program that generates and compares entities.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Generates the entities. The generator links none of them, so it works even if they do not compile.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    exec_entities(root, &["write", TABLES], args)
}

/// Fails unless the entities match the migrations.
pub(crate) fn check(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    exec_entities(root, &["check", TABLES, "--models", MODELS], args)
}

fn exec_entities(root: Option<&Path>, command: &[&str], args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let database = Database::choose(&workspace, &variables)?;
    database.announce();
    let mut cargo = programs::cargo(&workspace, "run");
    cargo.args(["--quiet", "--package", "entities", "--bin", "entities"]);
    cargo.arg("--").args(command).args(&args.arguments);
    database.set_url_variable(&mut cargo, "DATABASE_URL", database::DATABASE);
    programs::exec(&mut cargo)
}
