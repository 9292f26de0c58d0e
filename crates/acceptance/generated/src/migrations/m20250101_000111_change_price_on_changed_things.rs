//! Changes `price` of `changed_things`: `numeric(10,2)` becomes `numeric(12,3)`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("price", ColumnType::Decimal(Some((12, 3)))),
        )
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("price", ColumnType::Decimal(Some((10, 2)))),
        )
        .await
}
