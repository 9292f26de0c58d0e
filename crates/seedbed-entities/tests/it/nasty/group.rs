//! `Groups`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `Groups`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "Groups")]
pub struct Model {
    /// The column `id`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The column `town`: text.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub town: String,
    /// The rows of `group_members` that belong to it.
    #[sea_orm(has_many)]
    pub group_members: HasMany<super::group_member::Entity>,
    /// The rows of `users` that one of `group_members` joins to it.
    #[sea_orm(has_many, via = "group_member")]
    pub users: HasMany<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
