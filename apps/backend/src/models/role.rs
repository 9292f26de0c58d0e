//! Operations on roles, which determine what a member of an organization may do.

use entity::role::{ActiveModel, Column, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// The role that may do everything, including deleting the organization. A seed creates it.
pub const OWNER: &str = "owner";
/// The role that may manage members. A seed creates it.
pub const ADMIN: &str = "admin";
/// The role of all other members. A seed creates it.
pub const MEMBER: &str = "member";

/// Creates a role.
///
/// # Errors
/// Fails with [`Error::Taken`] if another role has the name.
pub async fn create(
    db: &impl ConnectionTrait,
    name: &str,
    description: &str,
) -> Result<Model, Error> {
    let role = ActiveModel {
        name: Set(name.to_owned()),
        description: Set(description.to_owned()),
        ..Default::default()
    };
    role.insert(db).await.map_err(|error| Error::taken(error, "role name", name))
}

/// Returns the role with the given name.
///
/// # Errors
/// Fails with [`Error::NotFound`] if no role has the name.
pub async fn get(db: &impl ConnectionTrait, name: &str) -> Result<Model, Error> {
    let role = Entity::find().filter(Column::Name.eq(name)).one(db).await?;
    role.ok_or_else(|| Error::not_found("role", name))
}

/// Deletes a role that no member has.
///
/// # Errors
/// Fails if a member has the role, because a foreign key refers to it.
pub async fn delete(db: &impl ConnectionTrait, role: Model) -> Result<(), Error> {
    role.delete(db).await?;
    Ok(())
}
