//! `by_smallserial`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_smallserial`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_smallserial")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key)]
    pub key: i16,
}

impl ActiveModelBehavior for ActiveModel {}
