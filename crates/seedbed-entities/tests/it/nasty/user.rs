//! `users`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `users`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The rows of `users` that belong to it.
    #[sea_orm(has_many)]
    pub users: HasMany<super::pub_lic_user::Entity>,
    /// The rows of `bad_tags` that belong to it.
    #[sea_orm(has_many)]
    pub bad_tags: HasMany<super::bad_tag::Entity>,
    /// The rows of `group_members` that belong to it.
    #[sea_orm(has_many)]
    pub group_members: HasMany<super::group_member::Entity>,
    /// The rows of `taken_twice` that belong to it.
    #[sea_orm(has_many)]
    pub taken_twice: HasMany<super::taken_twice::Entity>,
    /// The rows of `users_roles` that belong to it.
    #[sea_orm(has_many)]
    pub users_roles: HasMany<super::users_role::Entity>,
    /// The rows of `users_tags` that belong to it.
    #[sea_orm(has_many)]
    pub users_tags: HasMany<super::users_tag::Entity>,
    /// The rows of `Groups` that one of `group_members` joins to it.
    #[sea_orm(has_many, via = "group_member")]
    pub groups: HasMany<super::group::Entity>,
    /// The rows of `roles` that one of `users_roles` joins to it.
    #[sea_orm(has_many, via = "users_role")]
    pub roles: HasMany<super::role::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
