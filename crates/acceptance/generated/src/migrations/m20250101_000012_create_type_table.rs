//! Creates `types`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .create_table(
            Table::create()
                .table("types")
                .col(id())
                .col(uuid_null("parent_id"))
                .col(string_null("type"))
                .col(integer_null("order").default(-7))
                .col(uuid_null("group_id"))
                .col(uuid("user_id"))
                .col(boolean_null("table"))
                .col(date_null("select").default("2025-03-03"))
                .col(created_at())
                .col(updated_at())
                .foreign_key(
                    foreign_key("types", "parent_id", "types").on_delete(ForeignKeyAction::SetNull),
                )
                .foreign_key(
                    foreign_key("types", "group_id", "organizations")
                        .on_delete(ForeignKeyAction::Restrict),
                )
                .foreign_key(
                    foreign_key("types", "user_id", "users").on_delete(ForeignKeyAction::NoAction),
                ),
        )
        .await?;
    schema.add_index(index("types", ["parent_id"])).await?;
    schema.add_index(index("types", ["type"]).unique()).await?;
    schema.add_index(index("types", ["group_id"])).await?;
    schema.add_index(index("types", ["user_id"])).await?;
    schema.execute("SELECT keep_updated_at('types')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("types").await
}
