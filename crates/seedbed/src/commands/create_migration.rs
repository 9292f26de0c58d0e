//! `seedbed create-migration NAME`

use std::path::Path;

use seedbed_files::Template;

use super::new_script;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it does, such as createWidgets; any case and spaces will do.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::slug(&args.name, "make create-migration name=createWidgets")?;
    let workspace = Workspace::find(root)?;
    new_script::create(&workspace.migrations(), &slug, Template::Migration)
}
