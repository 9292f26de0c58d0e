//! `stamps`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `stamps`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stamps")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `letter_from`: bigint.
    pub letter_from: i64,
    /// The column `letter_to`: bigint.
    pub letter_to: i64,
    /// The column `value`: double precision.
    pub value: f64,
    /// The row of `letters` that it belongs to.
    #[sea_orm(belongs_to, from = "(letter_from, letter_to)", to = "(from, to_id)")]
    pub letter: BelongsTo<super::letter::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
