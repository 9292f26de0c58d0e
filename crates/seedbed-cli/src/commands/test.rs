//! The command `seedbed test`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread::available_parallelism;

use crate::database::Database;
use crate::programs;
use crate::variables::Variables;
use crate::workspace::Workspace;

/// The variable of libtest for the number of tests that run at once.
const TEST_THREADS: &str = "RUST_TEST_THREADS";

/// The number of tests that run at once for each processor. A test mostly waits for a process or a server, so with one
/// test for each processor, which is libtest's default, the processors are idle more than half of the time.
const TESTS_PER_PROCESSOR: usize = 3;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Run only the tests of this package.
    #[arg(long, value_name = "PACKAGE")]
    module: Option<String>,

    /// Run only the tests whose name contains this text.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Arguments for the test programs.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Replaces this process with `cargo test`, with the URL of a server on which each test creates its own database.
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
    server.set_url_variable(&mut cargo, "TEST_DATABASE_URL", "postgres");
    // A test that forgets to create its own database must not find the developer's.
    cargo.env_remove("DATABASE_URL").env_remove("APP_ENV");
    if std::env::var_os(TEST_THREADS).is_none() {
        let processors = available_parallelism().map_or(1, NonZeroUsize::get);
        cargo.env(TEST_THREADS, (TESTS_PER_PROCESSOR * processors).to_string());
    }
    programs::exec(&mut cargo)
}
