//! Removes the index `products_name_order_idx` from `products`.
use crate::prelude::*;

/// PostgreSQL cannot build an index concurrently inside a transaction. An interrupted script starts
/// over, and an invalid index that it left is dropped first. So the script has a single statement.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("products_name_order_idx").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE INDEX CONCURRENTLY products_name_order_idx ON products \
            USING btree (title, \"order\")",
        )
        .await
}
