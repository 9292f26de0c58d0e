//! Creates `organization_members`, the memberships of users in organizations.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    let cascade = ForeignKeyAction::Cascade;
    let restrict = ForeignKeyAction::Restrict;
    schema
        .create_table(
            Table::create()
                .table("organization_members")
                .col(id())
                .col(uuid("organization_id"))
                .col(uuid("user_id"))
                .col(uuid("role_id"))
                .col(created_at())
                .col(updated_at())
                .foreign_key(
                    foreign_key("organization_members", "organization_id", "organizations")
                        .on_delete(cascade),
                )
                .foreign_key(
                    foreign_key("organization_members", "user_id", "users").on_delete(cascade),
                )
                .foreign_key(
                    foreign_key("organization_members", "role_id", "roles").on_delete(restrict),
                ),
        )
        .await?;
    // PostgreSQL creates no index for a foreign key. Without one, every delete in the referenced table reads all of
    // `organization_members`. The unique index covers the first foreign key, whose column comes first in the index.
    schema
        .add_index(index("organization_members", ["organization_id", "user_id"]).unique())
        .await?;
    schema.add_index(index("organization_members", ["user_id"])).await?;
    schema.add_index(index("organization_members", ["role_id"])).await?;
    schema.execute("SELECT keep_updated_at('organization_members')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("organization_members").await
}
