//! `group_members`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `group_members`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_members")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `group_id`: integer.
    #[sea_orm(unique_key = "group_id_town_user_id")]
    pub group_id: i32,
    /// The column `town`: text.
    #[sea_orm(column_type = "Text", unique_key = "group_id_town_user_id")]
    pub town: String,
    /// The column `user_id`: uuid.
    #[sea_orm(unique_key = "group_id_town_user_id")]
    pub user_id: Uuid,
    /// The column `note`: text.
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// The row of `Groups` that it belongs to.
    #[sea_orm(belongs_to, from = "(group_id, town)", to = "(id, town)")]
    pub group: BelongsTo<super::group::Entity>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
