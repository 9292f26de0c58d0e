//! Creates `roles`, which determine what a member of an organization may do.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("roles")
                .col(id())
                .col(string_uniq("name"))
                .col(text("description"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.execute("SELECT keep_updated_at('roles')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("roles").await
}
