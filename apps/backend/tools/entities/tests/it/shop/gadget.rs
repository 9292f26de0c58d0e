//! `gadgets`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `gadgets`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gadgets")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `owner_id`: uuid.
    pub owner_id: Uuid,
    /// The column `name`: text.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The column `price`: numeric(10,2).
    #[sea_orm(column_type = "Decimal(Some((10, 2)))")]
    pub price: Decimal,
    /// The column `mood`: mood.
    pub mood: Mood,
    /// The column `tags`: text[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"text[]\")")]
    pub tags: Vec<String>,
    /// The column `label`: text.
    /// Made by the database.
    #[sea_orm(column_type = "Text")]
    pub label: String,
    /// The row of `owners` that it belongs to.
    #[sea_orm(belongs_to, from = "owner_id", to = "id")]
    pub owner: BelongsTo<super::owner::Entity>,
    /// The rows of `gadgets_labels` that belong to it.
    #[sea_orm(has_many)]
    pub gadgets_labels: HasMany<super::gadgets_label::Entity>,
    /// The rows of `gadgets_moods` that belong to it.
    #[sea_orm(has_many)]
    pub gadgets_moods: HasMany<super::gadgets_mood::Entity>,
    /// The rows of `gadgets_owners` that belong to it.
    #[sea_orm(has_many)]
    pub gadgets_owners: HasMany<super::gadgets_owner::Entity>,
    /// The rows of `labels` that one of `gadgets_labels` joins to it.
    #[sea_orm(has_many, via = "gadgets_label")]
    pub labels: HasMany<super::label::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
