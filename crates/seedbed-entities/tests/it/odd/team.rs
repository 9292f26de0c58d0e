//! `Teams`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `Teams`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "Teams")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `leader_id`: uuid.
    pub leader_id: Option<Uuid>,
    /// The column `town`: text.
    #[sea_orm(column_type = "Text", unique_key = "house_town")]
    pub town: String,
    /// The column `street`: text.
    #[sea_orm(column_type = "Text")]
    pub street: String,
    /// The column `house`: text.
    #[sea_orm(column_type = "Text", unique_key = "house_town")]
    pub house: String,
    /// The row of `players` that it belongs to.
    #[sea_orm(belongs_to, from = "leader_id", to = "id")]
    pub leader: BelongsTo<Option<super::player::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
