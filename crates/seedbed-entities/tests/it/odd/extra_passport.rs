//! `passports`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `passports`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "extra", table_name = "passports")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key)]
    pub number: i32,
    /// The column `person_id`: bigint.
    #[sea_orm(unique)]
    pub person_id: i64,
    /// The row of `people` that it belongs to.
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
