//! Renames `name` of `products` to `title`.
//!
//! Indexes and constraints keep their names. The running version of the application still uses the
//! old name. Deploy both together, or stop it in between.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.rename_column("products", "name", "title").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.rename_column("products", "title", "name").await
}
