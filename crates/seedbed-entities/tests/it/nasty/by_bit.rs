//! `by_bit`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_bit`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_bit")]
pub struct Model {
    /// The column `key`: bit(3).
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"bit(3)\")",
        select_as = "text",
        save_as = "bit varying"
    )]
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
