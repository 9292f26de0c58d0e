//! `by_timestamptz`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_timestamptz`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_timestamptz")]
pub struct Model {
    /// The column `key`: timestamp with time zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: DateTimeWithTimeZone,
}

impl ActiveModelBehavior for ActiveModel {}
