//! `users`: who can sign in.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `users`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As the user wrote it; unique whatever the case.
    pub email: String,
    /// The name in full.
    pub name: String,
    /// An argon2 hash in PHC format; nothing until an invited user has chosen a password.
    pub password_hash: Option<String>,
    /// Whether they may manage every organization.
    /// The database has a default for it.
    pub is_admin: bool,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
    /// What others see.
    pub display_name: String,
    /// The rows of `organization_members` that belong to it.
    #[sea_orm(has_many)]
    pub organization_members: HasMany<super::organization_member::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
