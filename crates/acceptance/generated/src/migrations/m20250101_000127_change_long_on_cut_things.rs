//! Changes `long` of `cut_things`: `text` becomes `character(3)`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "cut_things",
            ColumnDef::new_with_type("long", ColumnType::Char(Some(3)))
                .using(Expr::cust("long::bpchar")),
        )
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "cut_things",
            ColumnDef::new_with_type("long", ColumnType::Text).using(Expr::cust("long::text")),
        )
        .await
}
