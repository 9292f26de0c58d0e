//! `users_roles`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `users_roles`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users_roles")]
pub struct Model {
    /// The column `user_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The column `role_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: Uuid,
    /// The row of `roles` that it belongs to.
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
