//! `labels`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `labels`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "labels")]
pub struct Model {
    /// The column `word`: citext.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"citext\")",
        select_as = "text",
        save_as = "citext"
    )]
    pub word: String,
    /// The column `email`: citext.
    #[sea_orm(column_type = "custom(\"citext\")", select_as = "text", save_as = "citext", unique)]
    pub email: String,
    /// The column `words`: citext[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"citext[]\")", select_as = "text[]", save_as = "citext[]")]
    pub words: Vec<String>,
    /// The column `mood`: mood.
    /// The database has a default for it.
    pub mood: Mood,
    /// The column `moods`: mood[].
    /// A list with a NULL in it, or of lists, cannot be read.
    pub moods: Vec<Mood>,
    /// The column `rank`: integer.
    /// The database has a default for it.
    pub rank: i32,
    /// The column `code`: uuid.
    /// The database has a default for it.
    #[sea_orm(unique)]
    pub code: Uuid,
    /// The rows of `gadgets_labels` that belong to it.
    #[sea_orm(has_many)]
    pub gadgets_labels: HasMany<super::gadgets_label::Entity>,
    /// The rows of `gadgets` that one of `gadgets_labels` joins to it.
    #[sea_orm(has_many, via = "gadgets_label")]
    pub gadgets: HasMany<super::gadget::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
