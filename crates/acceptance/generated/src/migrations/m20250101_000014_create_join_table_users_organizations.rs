//! Creates `users_organizations`, the join table of `users` and `organizations`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("users_organizations")
                .col(id())
                .col(uuid("user_id"))
                .col(uuid("organization_id"))
                .col(text_null("note"))
                .col(created_at())
                .col(updated_at())
                .foreign_key(
                    foreign_key("users_organizations", "user_id", "users")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    foreign_key("users_organizations", "organization_id", "organizations")
                        .on_delete(ForeignKeyAction::Cascade),
                ),
        )
        .await?;
    schema.add_index(index("users_organizations", ["user_id", "organization_id"]).unique()).await?;
    schema.add_index(index("users_organizations", ["organization_id"])).await?;
    schema.execute("SELECT keep_updated_at('users_organizations')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("users_organizations").await
}
