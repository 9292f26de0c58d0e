//! The scripts that `build.rs` discovers. The library has them for tests; `migrator` compiles them
//! itself, so that an edit of one does not build a library first.
#![allow(dead_code, unreachable_pub, reason = "what is public here is so for tests")]

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// What a script imports: `use crate::prelude::*;`.
pub mod prelude {
    pub use seedbed::prelude::*;
}

/// The scripts, for the `migrator` and for tests.
pub fn project() -> seedbed::Project {
    seedbed::Project { migrations: MIGRATIONS, seeds: SEEDS }
}
