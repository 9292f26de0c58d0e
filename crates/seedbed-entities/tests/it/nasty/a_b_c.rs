//! `A "b" c`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `A "b" c`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "A \"b\" c")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `a.b`: uuid.
    #[sea_orm(column_name = "a.b")]
    pub a_b: Option<Uuid>,
    /// The row of `a.b` that it belongs to.
    #[sea_orm(belongs_to, from = "a_b", to = "id")]
    pub a_b_row: BelongsTo<Option<super::a_b::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
