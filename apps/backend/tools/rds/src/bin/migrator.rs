//! Runs the migrations and seeds of the backend: `migrator --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    seedbed_cli::main(&rds::project())
}
