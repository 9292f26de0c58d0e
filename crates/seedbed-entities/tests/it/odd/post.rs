//! `posts`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `posts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `type_id`: uuid.
    pub type_id: Uuid,
    /// The column `author_id`: uuid.
    pub author_id: Uuid,
    /// The column `types_id`: uuid.
    pub types_id: Uuid,
    /// The column `author`: uuid.
    pub author: Option<Uuid>,
    /// The row of `types` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "AuthorRow", from = "author_id", to = "id")]
    pub author_row: BelongsTo<super::type_row::Entity>,
    /// The row of `types` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "PostType", from = "type_id", to = "id")]
    pub post_type: BelongsTo<super::type_row::Entity>,
    /// The row of `authors` that it belongs to.
    #[sea_orm(belongs_to, from = "types_id", to = "id")]
    pub types: BelongsTo<super::author::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
