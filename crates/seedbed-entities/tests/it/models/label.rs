//! Labels.

use crate::shop::label::{ActiveModel, Entity, Model, Mood};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a label.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn create(
    db: &impl ConnectionTrait,
    word: &str,
    email: &str,
    words: Vec<String>,
    moods: Vec<Mood>,
) -> Result<Model, Error> {
    let label = ActiveModel {
        word: Set(word.to_owned()),
        email: Set(email.to_owned()),
        words: Set(words),
        moods: Set(moods),
        ..Default::default()
    };
    Ok(label.insert(db).await?)
}

/// Returns the label with the given word.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, word: &str) -> Result<Model, Error> {
    let label = Entity::find_by_id(word.to_owned()).one(db).await?;
    label.ok_or_else(|| Error::not_found("label", word))
}

/// Deletes the label.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, label: Model) -> Result<(), Error> {
    label.delete(db).await?;
    Ok(())
}
