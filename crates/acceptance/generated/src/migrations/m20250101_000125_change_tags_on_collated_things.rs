//! Changes `tags` of `collated_things`: `character varying(20)[]` becomes `character varying(20)`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE collated_things ALTER COLUMN tags DROP DEFAULT").await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new_with_type("tags", ColumnType::String(StringLen::N(20)))
                .using(Expr::cust("tags::character varying")),
        )
        .await?;
    schema
        .change_column("collated_things", ColumnDef::new("tags").default(Expr::cust("'{a}'")))
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE collated_things ALTER COLUMN tags DROP DEFAULT").await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new_with_type(
                "tags",
                ColumnType::Array(ColumnType::String(StringLen::N(20)).into()),
            )
            .using(Expr::cust("tags::character varying[]")),
        )
        .await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new("tags").default(Expr::cust("'{a}'::character varying[]")),
        )
        .await
}
