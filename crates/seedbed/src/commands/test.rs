//! `seedbed test`

use std::ffi::OsString;
use std::path::Path;

use crate::database::Database;
use crate::environment::Environment;
use crate::programs;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the tests of this package.
    #[arg(long, value_name = "PACKAGE")]
    module: Option<String>,

    /// Only tests whose name contains this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Handed to the test programs.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Becomes `cargo test`, with a server on which each test creates its own database.
pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let environment = Environment::load(&workspace)?;
    let server = Database::choose_for_tests(&workspace, &environment)?;
    server.announce_for_tests();
    let mut cargo = programs::cargo(&workspace, "test");
    cargo.arg("--no-fail-fast");
    match &args.module {
        Some(package) => cargo.args(["--package", package]),
        None => cargo.arg("--workspace"),
    };
    cargo.arg("--").args(&args.filter).args(&args.arguments);
    cargo.env("TEST_DATABASE_URL", server.url("postgres"));
    // A test that forgets to create its own database must find none, not the developer's.
    cargo.env_remove("DATABASE_URL").env_remove("APP_ENV");
    programs::become_program(&mut cargo)
}
