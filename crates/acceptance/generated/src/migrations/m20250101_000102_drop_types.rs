//! Drops `types`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("types").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("types")
                .col(id())
                .col(uuid_null("parent_id"))
                .col(string_null("type"))
                .col(integer_null("order").default(Expr::cust("'-7'::integer")))
                .col(uuid_null("group_id"))
                .col(uuid("user_id"))
                .col(boolean_null("table"))
                .col(date_null("select").default(Expr::cust("'2025-03-03'::date")))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema
        .add_constraint(
            "types",
            "types_group_id_fkey",
            "FOREIGN KEY (group_id) REFERENCES accounts(id) ON DELETE RESTRICT",
        )
        .await?;
    schema
        .add_constraint(
            "types",
            "types_parent_id_fkey",
            "FOREIGN KEY (parent_id) REFERENCES types(id) ON DELETE SET NULL",
        )
        .await?;
    schema
        .add_constraint("types", "types_user_id_fkey", "FOREIGN KEY (user_id) REFERENCES users(id)")
        .await?;
    schema.add_index(index("types", ["group_id"])).await?;
    schema.add_index(index("types", ["parent_id"])).await?;
    schema.add_index(index("types", ["type"]).unique()).await?;
    schema.add_index(index("types", ["user_id"])).await?;
    schema.execute("SELECT keep_updated_at('types')").await
}
