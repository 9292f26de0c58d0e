//! Visits.

use crate::shop::visit::{ActiveModel, Entity, Model};
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a visit.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn create(db: &impl ConnectionTrait) -> Result<Model, Error> {
    let visit = ActiveModel { ..Default::default() };
    Ok(visit.insert(db).await?)
}

/// Returns the visit with the given id.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Model, Error> {
    let visit = Entity::find_by_id(id).one(db).await?;
    visit.ok_or_else(|| Error::not_found("visit", id))
}

/// Deletes the visit.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, visit: Model) -> Result<(), Error> {
    visit.delete(db).await?;
    Ok(())
}
