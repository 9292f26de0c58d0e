//! Adds an index on `owner_id` of `products` without blocking writes.
use crate::prelude::*;

/// PostgreSQL cannot build an index concurrently inside a transaction. An interrupted script starts
/// over, and an invalid index that it left is dropped first. So the script has a single statement.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_index(index("products", ["owner_id"]).concurrently()).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("products_owner_id_idx").await
}
