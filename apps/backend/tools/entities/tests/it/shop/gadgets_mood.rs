//! `gadgets_moods`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `gadgets_moods`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gadgets_moods")]
pub struct Model {
    /// The column `gadget_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub gadget_id: Uuid,
    /// The column `mood`: mood.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mood: Mood,
    /// The column `since`: date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since: Date,
    /// The row of `gadgets` that it belongs to.
    #[sea_orm(belongs_to, from = "gadget_id", to = "id")]
    pub gadget: BelongsTo<super::gadget::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
