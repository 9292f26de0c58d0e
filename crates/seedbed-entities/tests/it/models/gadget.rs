//! Gadgets.

use crate::shop::gadget::{ActiveModel, Entity, Model, Mood};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a gadget.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn create(
    db: &impl ConnectionTrait,
    owner_id: Uuid,
    name: &str,
    price: Decimal,
    mood: Mood,
    tags: Vec<String>,
) -> Result<Model, Error> {
    let gadget = ActiveModel {
        owner_id: Set(owner_id),
        name: Set(name.to_owned()),
        price: Set(price),
        mood: Set(mood),
        tags: Set(tags),
        ..Default::default()
    };
    Ok(gadget.insert(db).await?)
}

/// Returns the gadget with the given id.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Model, Error> {
    let gadget = Entity::find_by_id(id).one(db).await?;
    gadget.ok_or_else(|| Error::not_found("gadget", id))
}

/// Deletes the gadget.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, gadget: Model) -> Result<(), Error> {
    gadget.delete(db).await?;
    Ok(())
}
