//! `by_bytea`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_bytea`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_bytea")]
pub struct Model {
    /// The column `key`: bytea.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
