//! `by_money`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_money`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_money")]
pub struct Model {
    /// The column `key`: money.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "Money(None)",
        select_as = "numeric",
        save_as = "money"
    )]
    pub key: Decimal,
}

impl ActiveModelBehavior for ActiveModel {}
