//! `by_numeric`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_numeric`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_numeric")]
pub struct Model {
    /// The column `key`: numeric(9,2).
    #[sea_orm(primary_key, auto_increment = false, column_type = "Decimal(Some((9, 2)))")]
    pub key: Decimal,
}

impl ActiveModelBehavior for ActiveModel {}
