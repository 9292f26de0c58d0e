//! Gadget labels.

use crate::shop::gadgets_label::{ActiveModel, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a gadget label.
///
/// # Errors
/// Returns [`Error::Taken`] if it already exists.
pub async fn create(
    db: &impl ConnectionTrait,
    gadget_id: Uuid,
    word: &str,
) -> Result<Model, Error> {
    let gadgets_label = ActiveModel { gadget_id: Set(gadget_id), word: Set(word.to_owned()) };
    gadgets_label
        .insert(db)
        .await
        .map_err(|error| Error::taken(error, "gadget label", format!("{gadget_id} {word}")))
}

/// Returns the gadget label with the given gadget id and word.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, gadget_id: Uuid, word: &str) -> Result<Model, Error> {
    let gadgets_label = Entity::find_by_id((gadget_id, word.to_owned())).one(db).await?;
    gadgets_label.ok_or_else(|| Error::not_found("gadget label", format!("{gadget_id} {word}")))
}

/// Deletes the gadget label.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, gadgets_label: Model) -> Result<(), Error> {
    gadgets_label.delete(db).await?;
    Ok(())
}
