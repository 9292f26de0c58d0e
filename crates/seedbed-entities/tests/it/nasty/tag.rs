//! `tags`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `tags`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tags")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The rows of `bad_tags` that belong to it.
    #[sea_orm(has_many)]
    pub bad_tags: HasMany<super::bad_tag::Entity>,
    /// The rows of `users_tags` that belong to it.
    #[sea_orm(has_many)]
    pub users_tags: HasMany<super::users_tag::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
