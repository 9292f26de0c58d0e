//! Validates products_price_check for the existing rows of `products`, step 2 of 2.
//!
//! It scans the whole table without blocking writes.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.validate_constraint("products", "products_price_check").await
}

/// PostgreSQL cannot undo a validation, so the check is recreated.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_constraint("products", "products_price_check").await?;
    schema.add_constraint_not_valid("products", "products_price_check", "CHECK (price >= 0)").await
}
