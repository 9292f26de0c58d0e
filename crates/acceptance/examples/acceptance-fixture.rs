//! The migrator that the tests in `tests/it` start as a process. Its project `generated` has the scripts in `generated/src`.
//!
//! The migrator is an example because cargo builds the examples of a package, with its dev-dependencies, whenever it
//! tests the package.

use std::process::ExitCode;

fn main() -> ExitCode {
    test_fixture::migrator::main_with(|name| (name == "generated").then(generated::project))
}

/// The scripts in `generated/src`, one of each kind that the generator writes. They compile without a warning.
mod generated {
    #![deny(warnings)]
    #![expect(unreachable_pub, reason = "in a project the scripts are modules of a library")]

    include!(concat!(env!("OUT_DIR"), "/registry.rs"));

    /// Returns the project of the generated scripts.
    pub(crate) fn project() -> seedbed::Project {
        seedbed::Project { migrations: MIGRATIONS, seeds: SEEDS }
    }
}

/// The items that a generated script imports.
mod prelude {
    pub(crate) use seedbed::prelude::*;
}
