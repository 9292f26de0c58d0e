//! `two`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `two`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "two")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `one_id`: uuid.
    #[sea_orm(unique)]
    pub one_id: Uuid,
    /// The column `again`: uuid.
    pub again: Option<Uuid>,
    /// The row of `one` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "One", from = "again", to = "id")]
    pub one: BelongsTo<Option<super::one::Entity>>,
    /// The row of `one` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "OneRow", from = "one_id", to = "id")]
    pub one_row: BelongsTo<super::one::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
