//! One organization for each Stripe customer, looked up by it. Built while the application writes.
use crate::prelude::*;

/// PostgreSQL builds no index concurrently inside a transaction. Killed half-way, the script runs
/// again from its start, and what is left of the index goes first: hence one statement.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_index(index("organizations", ["stripe_customer_id"]).unique().concurrently()).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("organizations_stripe_customer_id_idx").await
}
