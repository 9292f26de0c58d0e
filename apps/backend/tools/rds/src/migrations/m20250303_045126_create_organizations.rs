//! Creates `organizations`, the table of the customers that pay.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("organizations")
                .col(id())
                .col(string("name"))
                .col(string_uniq("slug"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('organizations')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("organizations").await
}
