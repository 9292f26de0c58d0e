//! `by_kind`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `by_kind`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_kind")]
pub struct Model {
    /// The column `key`: kind.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"kind\")",
        select_as = "text",
        save_as = "kind"
    )]
    pub key: Mood,
}

impl ActiveModelBehavior for ActiveModel {}
