//! `roles`: what a member of an organization may do there.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `roles`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `owner`, `admin`, `member`, …; unique.
    #[sea_orm(unique)]
    pub name: String,
    /// What the role is for, in one sentence.
    #[sea_orm(column_type = "Text")]
    pub description: String,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
    /// The rows of `organization_members` that belong to it.
    #[sea_orm(has_many)]
    pub organization_members: HasMany<super::organization_member::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
