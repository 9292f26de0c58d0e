//! The scripts that `build.rs` discovers.
//!
//! The library compiles the scripts for tests, so the items are public. The `migrator` includes this file itself, so
//! that an edit of a script does not rebuild the library.
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
