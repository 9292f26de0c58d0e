//! Removes the index `removed_prices` from `removed_things`.
use crate::prelude::*;

/// PostgreSQL cannot build an index concurrently inside a transaction. An interrupted script starts
/// over, and an invalid index that it left is dropped first. So the script has a single statement.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("removed_prices").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE INDEX CONCURRENTLY removed_prices ON removed_things \
            USING btree (price DESC) WHERE price > 1::numeric",
        )
        .await?;
    schema.execute("COMMENT ON INDEX removed_prices IS 'the dear ones'").await
}
