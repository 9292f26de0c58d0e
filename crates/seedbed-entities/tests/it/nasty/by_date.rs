//! `by_date`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_date`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_date")]
pub struct Model {
    /// The column `key`: date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Date,
}

impl ActiveModelBehavior for ActiveModel {}
