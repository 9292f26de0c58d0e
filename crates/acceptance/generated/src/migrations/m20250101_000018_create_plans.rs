//! Creates `plans`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("plan_kind", ["plan", "addon"]).await?;
    schema
        .create_table(
            Table::create()
                .table("plans")
                .col(id())
                .col(string("name"))
                .col(custom("kind", "plan_kind"))
                .col(integer_null("stock"))
                .col(decimal_len("price", 10, 2))
                .col(boolean("sold"))
                .col(date_null("since"))
                .col(array_null("tags", ColumnType::Text))
                .col(json_binary_null("data"))
                .col(uuid_null("ref"))
                .col(string_len_null("type", 20))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('plans')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("plans").await?;
    schema.drop_enum("plan_kind").await
}
