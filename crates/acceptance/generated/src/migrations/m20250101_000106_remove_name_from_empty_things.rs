//! Removes `name` from `empty_things`.
//!
//! Before this, deploy a version of the application that does not use the removed columns.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_column("empty_things", "name").await
}

/// Restores the definition from when this migration was written, as the last column and without its
/// values. `name` is NOT NULL and the values are lost, so this fails on a table with rows. There,
/// give them a value with `.default(…)`, and drop that default in the next line, as the error
/// shows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.add_column("empty_things", string_len("name", 20)).await
}
