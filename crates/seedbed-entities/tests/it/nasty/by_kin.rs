//! `by_kin`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_kin`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_kin")]
pub struct Model {
    /// The column `key`: kin.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"kin\")",
        select_as = "text",
        save_as = "kin"
    )]
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
