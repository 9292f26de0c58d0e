//! `bad_tags`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `bad_tags`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bad_tags")]
pub struct Model {
    /// The column `user_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The column `tag_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_id: Uuid,
    /// The row of `tags` that it belongs to.
    #[sea_orm(belongs_to, from = "tag_id", to = "id")]
    pub tag: BelongsTo<super::tag::Entity>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
