//! `numbers`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `numbers`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "numbers")]
pub struct Model {
    /// The column `number`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
}

impl ActiveModelBehavior for ActiveModel {}
