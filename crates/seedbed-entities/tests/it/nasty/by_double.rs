//! `by_double`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_double`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "by_double")]
pub struct Model {
    /// The column `key`: double precision.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: f64,
}

impl ActiveModelBehavior for ActiveModel {}
