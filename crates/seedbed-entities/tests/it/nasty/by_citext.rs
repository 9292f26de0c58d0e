//! `by_citext`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_citext`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_citext")]
pub struct Model {
    /// The column `key`: citext.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"citext\")",
        select_as = "text",
        save_as = "citext"
    )]
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
