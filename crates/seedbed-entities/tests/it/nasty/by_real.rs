//! `by_real`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_real`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "by_real")]
pub struct Model {
    /// The column `key`: real.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: f32,
}

impl ActiveModelBehavior for ActiveModel {}
