//! Changes `at` of `collated_things`: `timestamp(3) with time zone` becomes `timestamp(3) without
//! time zone`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE collated_things ALTER COLUMN at DROP DEFAULT").await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new_with_type("at", ColumnType::custom("timestamp(3) without time zone"))
                .using(Expr::cust("at::timestamp without time zone")),
        )
        .await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new("at").default(Expr::cust("'2025-01-01 00:00:00+00'")),
        )
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE collated_things ALTER COLUMN at DROP DEFAULT").await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new_with_type("at", ColumnType::custom("timestamp(3) with time zone"))
                .using(Expr::cust("at::timestamp with time zone")),
        )
        .await?;
    schema
        .change_column(
            "collated_things",
            ColumnDef::new("at")
                .default(Expr::cust("'2025-01-01 00:00:00+00'::timestamp with time zone")),
        )
        .await
}
