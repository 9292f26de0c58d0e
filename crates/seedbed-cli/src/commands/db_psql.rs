//! The command `seedbed db-psql [ARGUMENTS]`.

use std::ffi::OsString;
use std::path::Path;

use seedbed_config::CommandSpelling;

use crate::database::Database;
use crate::programs;
use crate::psql;
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Arguments for psql.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Replaces this process with psql, which then receives Ctrl-C, owns the terminal and sets the exit code.
pub(crate) fn run(
    root: Option<&Path>,
    spelling: CommandSpelling,
    args: &Args,
) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let database = Database::choose(&workspace, &variables)?;
    database.announce();
    let mut psql = psql::command(&database, &variables, spelling)?;
    programs::exec(psql.args(&args.arguments))
}
