//! Runs the migrations and seeds of the backend: `migrator --help`.

#[path = "../scripts.rs"]
mod scripts;

use std::process::ExitCode;

use scripts::prelude;
#[cfg(feature = "dynamic")]
use seedbed_dylib as _;

fn main() -> ExitCode {
    seedbed_cli::main(&scripts::project())
}
