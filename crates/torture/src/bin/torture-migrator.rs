//! The `migrator` that the cases disturb. It has scripts of all kinds, written as the guide recommends.

use std::process::ExitCode;

use seedbed::Project;

#[allow(dead_code, unreachable_pub, reason = "the registry is written for libraries too")]
mod registry {
    include!(concat!(env!("OUT_DIR"), "/registry.rs"));
}

/// The names that a script imports.
mod prelude {
    pub(crate) use seedbed::prelude::*;
}

fn main() -> ExitCode {
    seedbed::cli::main(&Project { migrations: registry::MIGRATIONS, seeds: registry::SEEDS })
}
