//! Creates `users`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("users")
                .col(id())
                .col(string("name"))
                .col(custom("email", "citext"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.add_index(index("users", ["email"]).unique()).await?;
    schema.execute("SELECT keep_updated_at('users')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("users").await
}
