//! `std`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `std`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "std")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `sea_orm_id`: uuid.
    pub sea_orm_id: Option<Uuid>,
    /// The row of `sea_orm` that it belongs to.
    #[sea_orm(belongs_to, from = "sea_orm_id", to = "id")]
    pub sea_orm: BelongsTo<Option<super::sea_orm_row::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
