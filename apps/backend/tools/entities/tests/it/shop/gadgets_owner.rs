//! `gadgets_owners`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `gadgets_owners`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gadgets_owners")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `gadget_id`: uuid.
    #[sea_orm(unique_key = "gadget_id_owner_id")]
    pub gadget_id: Uuid,
    /// The column `owner_id`: uuid.
    #[sea_orm(unique_key = "gadget_id_owner_id")]
    pub owner_id: Uuid,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// The row of `gadgets` that it belongs to.
    #[sea_orm(belongs_to, from = "gadget_id", to = "id")]
    pub gadget: BelongsTo<super::gadget::Entity>,
    /// The row of `owners` that it belongs to.
    #[sea_orm(belongs_to, from = "owner_id", to = "id")]
    pub owner: BelongsTo<super::owner::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
