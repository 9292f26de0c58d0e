//! `letters`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

#[path = "../by_hand/letter.rs"]
mod by_hand;

/// A row of `letters`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "letters")]
pub struct Model {
    /// The column `from`: bigint.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from: i64,
    /// The column `to_id`: bigint.
    #[sea_orm(primary_key, auto_increment = false)]
    pub to_id: i64,
    /// The column `at`: timestamp with time zone.
    /// The database has a default for it.
    pub at: DateTimeWithTimeZone,
    /// The column `mood`: mood.
    pub mood: Option<Mood>,
    /// The row of `people` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "Person", from = "from", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
    /// The row of `people` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "To", from = "to_id", to = "id")]
    pub to: BelongsTo<super::person::Entity>,
    /// The rows of `stamps` that belong to it.
    #[sea_orm(has_many)]
    pub stamps: HasMany<super::stamp::Entity>,
}
