//! Changes `parent` of `changed_things`: `integer` becomes `text`, it becomes nullable, its default
//! becomes `'none'`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("parent", ColumnType::Text).using(Expr::cust("parent::text")),
        )
        .await?;
    schema.change_column("changed_things", ColumnDef::new("parent").default("none")).await?;
    schema.drop_not_null("changed_things", "parent").await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE changed_things ALTER COLUMN parent DROP DEFAULT").await?;
    schema
        .change_column(
            "changed_things",
            ColumnDef::new_with_type("parent", ColumnType::Integer)
                .using(Expr::cust("parent::integer")),
        )
        .await?;
    schema.execute("ALTER TABLE changed_things ALTER COLUMN parent SET NOT NULL").await
}
