//! One script of each kind that the generator writes: `build.rs` writes them, and rustc takes them
//! without a warning.
#![deny(warnings)]
#![expect(unreachable_pub, reason = "in a project the scripts are modules of a library")]

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// The scripts.
pub(crate) fn project() -> seedbed::Project {
    seedbed::Project { migrations: MIGRATIONS, seeds: SEEDS }
}
