//! Creates `widgets`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("widget_status", ["active", "inactive"]).await?;
    schema
        .create_table(
            Table::create()
                .table("widgets")
                .col(id())
                .col(string("name"))
                .col(decimal_len_null("price", 10, 2))
                .col(custom_null("status", "widget_status").default("active"))
                .col(custom("email", "citext"))
                .col(uuid_null("organization_id"))
                .col(array_null("tags", ColumnType::Text))
                .col(json_binary_null("data"))
                .col(timestamptz_null("published_at"))
                .col(created_at())
                .col(updated_at())
                .foreign_key(
                    foreign_key("widgets", "organization_id", "organizations")
                        .on_delete(ForeignKeyAction::Cascade),
                ),
        )
        .await?;
    schema.add_index(index("widgets", ["email"]).unique()).await?;
    schema.add_index(index("widgets", ["organization_id"])).await?;
    schema.add_index(index("widgets", ["published_at"])).await?;
    schema.execute("SELECT keep_updated_at('widgets')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("widgets").await?;
    schema.drop_enum("widget_status").await
}
