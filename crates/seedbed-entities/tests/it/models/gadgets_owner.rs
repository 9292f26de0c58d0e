//! Gadget owners.

use crate::shop::gadgets_owner::{ActiveModel, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a gadget owner.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn create(
    db: &impl ConnectionTrait,
    gadget_id: Uuid,
    owner_id: Uuid,
) -> Result<Model, Error> {
    let gadgets_owner =
        ActiveModel { gadget_id: Set(gadget_id), owner_id: Set(owner_id), ..Default::default() };
    Ok(gadgets_owner.insert(db).await?)
}

/// Returns the gadget owner with the given id.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Model, Error> {
    let gadgets_owner = Entity::find_by_id(id).one(db).await?;
    gadgets_owner.ok_or_else(|| Error::not_found("gadget owner", id))
}

/// Deletes the gadget owner.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, gadgets_owner: Model) -> Result<(), Error> {
    gadgets_owner.delete(db).await?;
    Ok(())
}
