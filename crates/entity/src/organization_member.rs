//! `organization_members`: who belongs to which organization, and as what.
use sea_orm::entity::prelude::*;

/// A row of `organization_members`; one at most for each user of an organization.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_members")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Where they belong; deleting the organization deletes the row.
    #[sea_orm(unique_key = "organization_user")]
    pub organization_id: Uuid,
    /// Who belongs there; deleting the user deletes the row.
    #[sea_orm(unique_key = "organization_user")]
    pub user_id: Uuid,
    /// As what; a role that somebody has cannot be deleted.
    pub role_id: Uuid,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
    /// The organization.
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
    /// The user.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user::Entity>,
    /// The role.
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
