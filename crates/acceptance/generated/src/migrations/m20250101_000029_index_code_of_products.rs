//! Adds a unique index on `code` of `products` without blocking writes.
use crate::prelude::*;

/// PostgreSQL cannot build an index concurrently inside a transaction. An interrupted script starts
/// over, and an invalid index that it left is dropped first. So the script has a single statement.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_index(index("products", ["code"]).unique().concurrently()).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("products_code_idx").await
}
