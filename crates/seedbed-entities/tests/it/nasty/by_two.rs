//! `by_two`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `by_two`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_two")]
pub struct Model {
    /// The column `mood`: mood.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mood: Mood,
    /// The column `at`: timestamp with time zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: DateTimeWithTimeZone,
}

impl ActiveModelBehavior for ActiveModel {}
