//! The scripts that `build.rs` discovers.
//!
//! Tests use the scripts through the library, with the feature `scripts`, so the items are public. The `migrator`
//! compiles this file as a module of its own and builds the library without that feature, so editing a script does not
//! rebuild the library.
#![allow(dead_code, unreachable_pub, reason = "the items are public for tests")]

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// Re-exports the items that every script imports: `use crate::prelude::*;`.
pub mod prelude {
    pub use seedbed::prelude::*;
}

/// Returns the scripts, for the `migrator` and for tests.
pub fn project() -> seedbed::Project {
    seedbed::Project { migrations: MIGRATIONS, seeds: SEEDS }
}
