//! Creates `organizations`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("organizations")
                .col(id())
                .col(string("name"))
                .col(string("slug"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.add_index(index("organizations", ["slug"]).unique()).await?;
    schema.execute("SELECT keep_updated_at('organizations')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("organizations").await
}
