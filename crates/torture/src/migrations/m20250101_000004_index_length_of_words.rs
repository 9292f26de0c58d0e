//! Executes CREATE INDEX CONCURRENTLY with `add_index`.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_index(index("words", ["length", "name"]).concurrently()).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("words_length_name_idx").await
}
