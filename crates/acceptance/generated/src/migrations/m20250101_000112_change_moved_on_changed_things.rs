//! Changes `moved` of `changed_things`: `character varying(20)` becomes `bigint`, its default
//! becomes `5`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE changed_things ALTER COLUMN moved DROP DEFAULT").await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("moved", ColumnType::BigInteger)
                .using(Expr::cust("moved::bigint")),
        )
        .await?;
    schema.change_column("changed_things", ColumnDef::new("moved").default(5)).await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE changed_things ALTER COLUMN moved DROP DEFAULT").await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("moved", ColumnType::String(StringLen::N(20)))
                .using(Expr::cust("moved::character varying")),
        )
        .await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new("moved").default(Expr::cust("'3'::character varying")),
        )
        .await
}
