//! `seedbed test`

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread::available_parallelism;

use crate::database::Database;
use crate::programs;
use crate::variables::Variables;
use crate::workspace::Workspace;

/// How many tests of a program run at once.
const THREADS: &str = "RUST_TEST_THREADS";

/// Tests at once for each processor. Most of a test is waiting for a process or a server, so with one for each, which is
/// libtest's default, the processors are idle for more than half of the time.
const EACH: usize = 3;

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
    let variables = Variables::load(&workspace)?;
    let server = Database::choose_for_tests(&workspace, &variables)?;
    server.announce_for_tests();
    let mut cargo = programs::cargo(&workspace, "test");
    cargo.arg("--no-fail-fast");
    match &args.module {
        Some(package) => cargo.args(["--package", package]),
        None => cargo.arg("--workspace"),
    };
    cargo.arg("--").args(&args.filter).args(&args.arguments);
    server.hand_to(&mut cargo, "TEST_DATABASE_URL", "postgres");
    // A test that forgets to create its own database must find none, not the developer's.
    cargo.env_remove("DATABASE_URL").env_remove("APP_ENV");
    if std::env::var_os(THREADS).is_none() {
        let processors = available_parallelism().map_or(1, NonZeroUsize::get);
        cargo.env(THREADS, (EACH * processors).to_string());
    }
    programs::become_program(&mut cargo)
}
