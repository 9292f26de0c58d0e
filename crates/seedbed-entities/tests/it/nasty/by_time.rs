//! `by_time`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_time`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_time")]
pub struct Model {
    /// The column `key`: time without time zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Time,
}

impl ActiveModelBehavior for ActiveModel {}
