//! Adds a unique index on the Stripe customer id of organizations, which is also used for lookups. The index is built
//! without blocking the writes of the application.
use crate::prelude::*;

/// PostgreSQL cannot build an index concurrently inside a transaction. A killed script runs again from its start, so it
/// has a single statement. `add_index` first drops the invalid index that the killed run left behind.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_index(index("organizations", ["stripe_customer_id"]).unique().concurrently()).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("organizations_stripe_customer_id_idx").await
}
