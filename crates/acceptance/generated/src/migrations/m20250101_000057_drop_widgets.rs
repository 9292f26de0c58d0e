//! Drops `widgets`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("widgets").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("widgets")
                .col(id())
                .col(string("name"))
                .col(decimal_len_null("price", 10, 2))
                .col(
                    custom_null("status", "widget_status")
                        .default(Expr::cust("'active'::widget_status")),
                )
                .col(custom("email", "citext"))
                .col(uuid_null("organization_id"))
                .col(array_null("tags", ColumnType::Text))
                .col(json_binary_null("data"))
                .col(timestamptz_null("published_at"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema
        .add_constraint(
            "widgets",
            "widgets_organization_id_fkey",
            "FOREIGN KEY (organization_id) REFERENCES accounts(id) ON DELETE CASCADE",
        )
        .await?;
    schema.add_index(index("widgets", ["email"]).unique()).await?;
    schema.add_index(index("widgets", ["organization_id"])).await?;
    schema.add_index(index("widgets", ["published_at"])).await?;
    schema.execute("SELECT keep_updated_at('widgets')").await
}
