//! Removes `price` from `removed_things`.
//!
//! Before this, deploy a version of the application that does not use the removed columns.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_column("removed_things", "price").await
}

/// Restores the definition from when this migration was written, as the last column and without its
/// values.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .add_column("removed_things", decimal_len("price", 10, 2).default(Expr::cust("1")))
        .await?;
    schema
        .add_constraint(
            "removed_things",
            "removed_things_price_check",
            "CHECK (price > 0::numeric)",
        )
        .await?;
    schema
        .execute(
            "COMMENT ON CONSTRAINT removed_things_price_check ON removed_things \
            IS 'nothing is free'",
        )
        .await?;
    schema.execute("COMMENT ON COLUMN removed_things.price IS 'in euros'").await
}
