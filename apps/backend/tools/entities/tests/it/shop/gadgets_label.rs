//! `gadgets_labels`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `gadgets_labels`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gadgets_labels")]
pub struct Model {
    /// The column `gadget_id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub gadget_id: Uuid,
    /// The column `word`: citext.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"citext\")",
        select_as = "text",
        save_as = "citext"
    )]
    pub word: String,
    /// The row of `gadgets` that it belongs to.
    #[sea_orm(belongs_to, from = "gadget_id", to = "id")]
    pub gadget: BelongsTo<super::gadget::Entity>,
    /// The row of `labels` that it belongs to.
    #[sea_orm(belongs_to, from = "word", to = "word")]
    pub label: BelongsTo<super::label::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
