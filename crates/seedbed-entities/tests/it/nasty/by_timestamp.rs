//! `by_timestamp`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_timestamp`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_timestamp")]
pub struct Model {
    /// The column `key`: timestamp without time zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: DateTime,
}

impl ActiveModelBehavior for ActiveModel {}
