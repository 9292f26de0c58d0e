//! `codes`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `codes`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "codes")]
pub struct Model {
    /// The column `code`: bigint.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: i64,
    /// The column `id`: uuid.
    #[sea_orm(unique)]
    pub id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
