//! `by_range`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_range`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_range")]
pub struct Model {
    /// The column `key`: int4range.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"int4range\")",
        select_as = "text",
        save_as = "int4range"
    )]
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
