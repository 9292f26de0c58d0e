//! `countries`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `countries`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "countries")]
pub struct Model {
    /// The column `code`: character(2).
    #[sea_orm(primary_key, auto_increment = false, column_type = "Char(Some(2))")]
    pub code: String,
    /// The column `name`: text.
    #[sea_orm(column_type = "Text")]
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
