//! Adds a Stripe customer id to organizations.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_column("organizations", string_null("stripe_customer_id")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("organizations", "stripe_customer_id").await
}
