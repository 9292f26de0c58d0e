//! `friends`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `friends`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "friends")]
pub struct Model {
    /// The column `one_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub one_id: Uuid,
    /// The column `other_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub other_id: Uuid,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "One", from = "one_id", to = "id")]
    pub one: BelongsTo<super::user::Entity>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "Other", from = "other_id", to = "id")]
    pub other: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
