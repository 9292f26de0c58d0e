//! Runs the migrations of the backend, and has no seeds. It is the `migrator` of the commands that need no seeds. It
//! compiles even if entities and seeds do not, and does not wait for their compilation.
#![allow(dead_code, unreachable_pub, reason = "the scripts are public for tests")]

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

use std::process::ExitCode;

/// Re-exports the items that every script imports: `use crate::prelude::*;`.
pub mod prelude {
    pub use seedbed::prelude::*;
}

fn main() -> ExitCode {
    seedbed::cli::main_without_seeds(MIGRATIONS)
}
