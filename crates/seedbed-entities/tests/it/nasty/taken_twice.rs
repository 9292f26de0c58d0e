//! `taken_twice`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `taken_twice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taken_twice")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `user_id`: uuid.
    pub user_id: Option<Uuid>,
    /// The column `user`: text.
    #[sea_orm(column_type = "Text")]
    pub user: Option<String>,
    /// The column `users_id`: uuid.
    pub users_id: Option<Uuid>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user_row: BelongsTo<Option<super::user::Entity>>,
    /// The row of `roles` that it belongs to.
    #[sea_orm(belongs_to, from = "users_id", to = "id")]
    pub users: BelongsTo<Option<super::role::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
