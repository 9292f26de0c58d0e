//! `taken`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `taken`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taken")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `role_id`: uuid.
    pub role_id: Option<Uuid>,
    /// The column `role`: text.
    #[sea_orm(column_type = "Text")]
    pub role: Option<String>,
    /// The column `roles`: text.
    #[sea_orm(column_type = "Text")]
    pub roles: Option<String>,
    /// The column `role_row`: text.
    #[sea_orm(column_type = "Text")]
    pub role_row: Option<String>,
    /// The column `users_roles`: text.
    #[sea_orm(column_type = "Text")]
    pub users_roles: Option<String>,
    /// The row of `roles` that it belongs to.
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role_row_row: BelongsTo<Option<super::role::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
