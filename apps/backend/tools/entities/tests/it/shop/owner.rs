//! `owners`: who has gadgets.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `owners`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owners")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `name`: character varying.
    #[sea_orm(unique)]
    pub name: String,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// The rows of `gadgets` that belong to it.
    #[sea_orm(has_many)]
    pub gadgets: HasMany<super::gadget::Entity>,
    /// The rows of `gadgets_owners` that belong to it.
    #[sea_orm(has_many)]
    pub gadgets_owners: HasMany<super::gadgets_owner::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
