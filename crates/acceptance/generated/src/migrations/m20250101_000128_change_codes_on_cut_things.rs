//! Changes `codes` of `cut_things`: `text[]` becomes `character varying(2)[]`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "cut_things",
            ColumnDef::new_with_type(
                "codes",
                ColumnType::Array(ColumnType::String(StringLen::N(2)).into()),
            )
            .using(Expr::cust("codes::text::character varying[]")),
        )
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "cut_things",
            ColumnDef::new_with_type("codes", ColumnType::Array(ColumnType::Text.into()))
                .using(Expr::cust("codes::text::text[]")),
        )
        .await
}
