//! Gadget moods.

use crate::shop::gadgets_mood::{ActiveModel, Entity, Model, Mood};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a gadget mood.
///
/// # Errors
/// Returns [`Error::Taken`] if it already exists.
pub async fn create(
    db: &impl ConnectionTrait,
    gadget_id: Uuid,
    mood: Mood,
    since: Date,
) -> Result<Model, Error> {
    let gadgets_mood =
        ActiveModel { gadget_id: Set(gadget_id), mood: Set(mood), since: Set(since) };
    gadgets_mood.insert(db).await.map_err(|error| {
        Error::taken(error, "gadget mood", format!("{gadget_id} {mood:?} {since}"))
    })
}

/// Returns the gadget mood with the given gadget id, mood and since.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(
    db: &impl ConnectionTrait,
    gadget_id: Uuid,
    mood: Mood,
    since: Date,
) -> Result<Model, Error> {
    let gadgets_mood = Entity::find_by_id((gadget_id, mood, since)).one(db).await?;
    gadgets_mood
        .ok_or_else(|| Error::not_found("gadget mood", format!("{gadget_id} {mood:?} {since}")))
}

/// Deletes the gadget mood.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, gadgets_mood: Model) -> Result<(), Error> {
    gadgets_mood.delete(db).await?;
    Ok(())
}
