//! Executes DROP INDEX CONCURRENTLY, which `down` reverts with CREATE INDEX CONCURRENTLY.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("words_name_idx").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE INDEX CONCURRENTLY words_name_idx ON words (name)").await
}
