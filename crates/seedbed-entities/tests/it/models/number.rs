//! Numbers.

use crate::shop::number::{ActiveModel, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a number.
///
/// # Errors
/// Returns [`Error::Taken`] if it already exists.
pub async fn create(db: &impl ConnectionTrait, number: i32) -> Result<Model, Error> {
    let row = ActiveModel { number: Set(number) };
    row.insert(db).await.map_err(|error| Error::taken(error, "number", number.to_string()))
}

/// Returns the number with the given number.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, number: i32) -> Result<Model, Error> {
    let row = Entity::find_by_id(number).one(db).await?;
    row.ok_or_else(|| Error::not_found("number", number))
}

/// Deletes the number.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, number: Model) -> Result<(), Error> {
    number.delete(db).await?;
    Ok(())
}
