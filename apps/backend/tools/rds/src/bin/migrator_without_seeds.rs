//! Runs the migrations of the backend, and has no seeds: the `migrator` of the commands that need none. It compiles while
//! entities and seeds do not, and does not wait for them.
#![allow(dead_code, unreachable_pub, reason = "the scripts are public for tests")]

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

use std::process::ExitCode;

/// What a script imports: `use crate::prelude::*;`.
pub mod prelude {
    pub use seedbed::prelude::*;
}

fn main() -> ExitCode {
    seedbed::cli::main_without_seeds(MIGRATIONS)
}
