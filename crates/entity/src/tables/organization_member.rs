//! `organization_members`: who belongs to which organization, and as what.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `organization_members`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_members")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Where they belong; deleting the organization deletes the row.
    #[sea_orm(unique_key = "organization_id_user_id")]
    pub organization_id: Uuid,
    /// Who belongs there; deleting the user deletes the row.
    #[sea_orm(unique_key = "organization_id_user_id")]
    pub user_id: Uuid,
    /// As what; a role that somebody has cannot be deleted.
    pub role_id: Uuid,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
    /// The row of `organizations` that it belongs to.
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
    /// The row of `roles` that it belongs to.
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
