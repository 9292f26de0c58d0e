//! `seedbed db-psql [ARGUMENTS]`

use std::ffi::OsString;
use std::path::Path;

use crate::database::Database;
use crate::programs;
use crate::psql;
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Handed to psql.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Becomes psql, so that Ctrl-C, exit code and terminal are psql's own.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let database = Database::choose(&workspace, &variables)?;
    database.announce();
    let mut psql = psql::command(&database, &variables)?;
    programs::become_program(psql.args(&args.arguments))
}
