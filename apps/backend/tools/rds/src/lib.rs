//! The migrations and seeds of the backend. `build.rs` discovers them. Add a file to `src/migrations` or `src/seeds`;
//! nothing else needs an edit.

#[cfg(feature = "scripts")]
mod scripts;

/// The names of the migrations, in the order in which they run.
pub mod names {
    include!(concat!(env!("OUT_DIR"), "/names.rs"));
}

#[cfg(feature = "scripts")]
pub use scripts::{migrations, prelude, project, seeds};
pub use seedbed::SchemaCheckError;

/// Ensures that every migration is applied. Takes no lock and creates nothing.
pub async fn ensure_schema_is_current(
    connection: &impl sea_orm::ConnectionTrait,
) -> Result<(), SchemaCheckError> {
    seedbed::ensure_schema_is_current(connection, names::MIGRATION_NAMES).await
}
