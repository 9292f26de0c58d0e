//! `parts`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `parts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "parts")]
pub struct Model {
    /// The column `id`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The column `at`: date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: Date,
    /// The rows of `refers_to_parts` that belong to it.
    #[sea_orm(has_many)]
    pub refers_to_parts: HasMany<super::refers_to_part::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
