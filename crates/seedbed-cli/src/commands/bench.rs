//! The command `seedbed bench`.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::database::Database;
use crate::programs;
use crate::variables::Variables;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Arguments for the benchmark.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Replaces this process with the benchmark of the workspace, which creates its databases on the server for tests.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let server = Database::choose_for_tests(&workspace, &variables)?;
    server.announce_for_tests();
    let mut bench = Command::new(workspace.root().join("scripts/bench.sh"));
    bench.args(&args.arguments);
    server.set_url_variable(&mut bench, "TEST_DATABASE_URL", "postgres");
    programs::exec(&mut bench)
}
