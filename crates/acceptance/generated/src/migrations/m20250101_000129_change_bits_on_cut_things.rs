//! Changes `bits` of `cut_things`: `text` becomes `bit(2)`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "cut_things",
            ColumnDef::new_with_type("bits", ColumnType::Bit(Some(2)))
                .using(Expr::cust("bits::varbit")),
        )
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "cut_things",
            ColumnDef::new_with_type("bits", ColumnType::Text).using(Expr::cust("bits::text")),
        )
        .await
}
