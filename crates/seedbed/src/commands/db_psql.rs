//! `seedbed db-psql [ARGUMENTS]`

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;

use anyhow::Context;

use crate::environment::Environment;
use crate::psql;
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
    let environment = Environment::load(&workspace)?;
    let mut psql = psql::command(&workspace, &environment)?;
    let error = psql.args(&args.arguments).exec();
    let program = psql.get_program().display().to_string();
    Err(error).with_context(|| format!("could not run {program}"))
}
