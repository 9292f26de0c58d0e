//! `roles`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `roles`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The rows of `taken` that belong to it.
    #[sea_orm(has_many)]
    pub taken: HasMany<super::taken::Entity>,
    /// The rows of `taken_twice` that belong to it.
    #[sea_orm(has_many)]
    pub taken_twice: HasMany<super::taken_twice::Entity>,
    /// The rows of `users_roles` that belong to it.
    #[sea_orm(has_many)]
    pub users_roles: HasMany<super::users_role::Entity>,
    /// The rows of `users` that one of `users_roles` joins to it.
    #[sea_orm(has_many, via = "users_role")]
    pub users: HasMany<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
