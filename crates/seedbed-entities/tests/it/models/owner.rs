//! Owners: people and companies that have gadgets.

use crate::shop::owner::{ActiveModel, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates an owner.
///
/// # Errors
/// Returns [`Error::Taken`] if another owner has the name.
pub async fn create(db: &impl ConnectionTrait, name: &str) -> Result<Model, Error> {
    let owner = ActiveModel { name: Set(name.to_owned()), ..Default::default() };
    owner.insert(db).await.map_err(|error| Error::taken(error, "name", name))
}

/// Returns the owner with the given id.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Model, Error> {
    let owner = Entity::find_by_id(id).one(db).await?;
    owner.ok_or_else(|| Error::not_found("owner", id))
}

/// Deletes the owner.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, owner: Model) -> Result<(), Error> {
    owner.delete(db).await?;
    Ok(())
}
