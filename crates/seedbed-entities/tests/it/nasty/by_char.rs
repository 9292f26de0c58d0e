//! `by_char`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_char`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_char")]
pub struct Model {
    /// The column `key`: "char".
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"\\\"char\\\"\")",
        select_as = "text",
        save_as = "\"char\""
    )]
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
