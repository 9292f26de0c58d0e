//! `refers_to_parts`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `refers_to_parts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refers_to_parts")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `part_id`: integer.
    pub part_id: Option<i32>,
    /// The column `part_at`: date.
    pub part_at: Option<Date>,
    /// The row of `parts` that it belongs to.
    #[sea_orm(belongs_to, from = "(part_id, part_at)", to = "(id, at)")]
    pub part: BelongsTo<Option<super::part::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
