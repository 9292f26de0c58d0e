//! `one`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `one`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `two_id`: uuid.
    #[sea_orm(unique)]
    pub two_id: Option<Uuid>,
    /// The row of `two` that it belongs to.
    #[sea_orm(belongs_to, from = "two_id", to = "id")]
    pub two: BelongsTo<Option<super::two::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
