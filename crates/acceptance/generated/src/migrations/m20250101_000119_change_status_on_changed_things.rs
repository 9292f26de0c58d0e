//! Changes `status` of `changed_things`: `status` becomes `character varying(40)`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE changed_things ALTER COLUMN status DROP DEFAULT").await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("status", ColumnType::String(StringLen::N(40)))
                .using(Expr::cust("status::character varying")),
        )
        .await?;
    schema
        .change_column("changed_things", ColumnDef::new("status").default(Expr::cust("'draft'")))
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE changed_things ALTER COLUMN status DROP DEFAULT").await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("status", ColumnType::custom("status"))
                .using(Expr::cust("status::status")),
        )
        .await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new("status").default(Expr::cust("'draft'::status")),
        )
        .await
}
