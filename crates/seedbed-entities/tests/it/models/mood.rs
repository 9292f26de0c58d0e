//! Moods.

use crate::shop::mood::{ActiveModel, Entity, Model, Mood};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a mood.
///
/// # Errors
/// Returns [`Error::Taken`] if it already exists.
pub async fn create(db: &impl ConnectionTrait, mood: Mood) -> Result<Model, Error> {
    let row = ActiveModel { mood: Set(mood) };
    row.insert(db).await.map_err(|error| Error::taken(error, "mood", format!("{mood:?}")))
}

/// Returns the mood with the given mood.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, mood: Mood) -> Result<Model, Error> {
    let row = Entity::find_by_id(mood).one(db).await?;
    row.ok_or_else(|| Error::not_found("mood", format!("{mood:?}")))
}

/// Deletes the mood.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, mood: Model) -> Result<(), Error> {
    mood.delete(db).await?;
    Ok(())
}
