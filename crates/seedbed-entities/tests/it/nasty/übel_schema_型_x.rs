//! `型 'x'`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::TypeAB;

/// A row of `型 'x'`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "Übel, schema", table_name = "型 'x'")]
pub struct Model {
    /// The column `id`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The column `型`: type."a ""b"""[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_name = "型",
        column_type = "custom(\"type.\\\"a \\\"\\\"b\\\"\\\"\\\"[]\")",
        select_as = "text[]",
        save_as = "type.\"a \"\"b\"\"\"[]"
    )]
    pub 型: Option<Vec<TypeAB>>,
}

impl ActiveModelBehavior for ActiveModel {}
