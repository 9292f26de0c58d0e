//! `by_mood`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `by_mood`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_mood")]
pub struct Model {
    /// The column `key`: mood.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Mood,
}

impl ActiveModelBehavior for ActiveModel {}
