//! The migrations and seeds of the backend. `build.rs` discovers them: drop a file, nothing else to edit.

/// The names of the migrations, in the order in which they run.
pub mod names {
    include!(concat!(env!("OUT_DIR"), "/names.rs"));
}
#[cfg(feature = "scripts")]
include!(concat!(env!("OUT_DIR"), "/registry.rs"));

#[cfg(feature = "dynamic")]
use seedbed_dylib as _;

pub use seedbed_engine::NotCurrent;

/// What a script imports: `use crate::prelude::*;`.
#[cfg(feature = "scripts")]
pub mod prelude {
    pub use seedbed_cli::engine::prelude::*;
}

/// The scripts, for the `migrator` and for tests.
#[cfg(feature = "scripts")]
pub fn project() -> seedbed_cli::engine::Project {
    seedbed_cli::engine::Project { migrations: MIGRATIONS, seeds: SEEDS }
}

/// Asks whether every migration is applied; takes no lock and creates nothing.
pub async fn schema_is_current(
    connection: &impl sea_orm::ConnectionTrait,
) -> Result<(), NotCurrent> {
    seedbed_engine::schema_is_current(connection, names::MIGRATION_NAMES).await
}
