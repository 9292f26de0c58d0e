//! `by_bool`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_bool`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_bool")]
pub struct Model {
    /// The column `key`: boolean.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: bool,
}

impl ActiveModelBehavior for ActiveModel {}
