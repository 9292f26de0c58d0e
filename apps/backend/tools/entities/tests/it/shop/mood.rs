//! `moods`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `moods`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moods")]
pub struct Model {
    /// The column `mood`: mood.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mood: Mood,
}

impl ActiveModelBehavior for ActiveModel {}
