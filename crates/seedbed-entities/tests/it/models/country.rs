//! Countries.

use crate::shop::country::{ActiveModel, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a country.
///
/// # Errors
/// Returns [`Error::Taken`] if it already exists.
pub async fn create(db: &impl ConnectionTrait, code: &str, name: &str) -> Result<Model, Error> {
    let country = ActiveModel { code: Set(code.to_owned()), name: Set(name.to_owned()) };
    country.insert(db).await.map_err(|error| Error::taken(error, "country", code))
}

/// Returns the country with the given code.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, code: &str) -> Result<Model, Error> {
    let country = Entity::find_by_id(code.to_owned()).one(db).await?;
    country.ok_or_else(|| Error::not_found("country", code))
}

/// Deletes the country.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, country: Model) -> Result<(), Error> {
    country.delete(db).await?;
    Ok(())
}
