//! `spans`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::ExtraMood;

/// A row of `spans`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spans")]
pub struct Model {
    /// The column `price`: numeric(10,2).
    #[sea_orm(primary_key, auto_increment = false, column_type = "Decimal(Some((10, 2)))")]
    pub price: Decimal,
    /// The column `valid`: daterange.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"daterange\")",
        select_as = "text",
        save_as = "daterange"
    )]
    pub valid: String,
    /// The column `mood`: extra.mood.
    #[sea_orm(column_type = "custom(\"extra.mood\")", select_as = "text", save_as = "extra.mood")]
    pub mood: ExtraMood,
}

impl ActiveModelBehavior for ActiveModel {}
