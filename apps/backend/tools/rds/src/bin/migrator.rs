//! Runs the migrations and seeds of the backend. `migrator --help` lists the commands.

#[path = "../scripts.rs"]
mod scripts;

use std::process::ExitCode;

// The scripts import `crate::prelude::*`.
use scripts::prelude;

fn main() -> ExitCode {
    seedbed::cli::main(&scripts::project())
}
