//! Checks each new row of `products`: `price >= 0`.
//!
//! Step 1 of 2. The next script validates the existing rows.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_constraint_not_valid("products", "products_price_check", "CHECK (price >= 0)").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_constraint("products", "products_price_check").await
}
