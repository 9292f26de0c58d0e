//! Codes.

use crate::shop::code::{ActiveModel, Entity, Model};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Error;

/// Creates a code.
///
/// # Errors
/// Returns [`Error::Taken`] if it already exists.
pub async fn create(db: &impl ConnectionTrait, code: i64, id: Uuid) -> Result<Model, Error> {
    let row = ActiveModel { code: Set(code), id: Set(id) };
    row.insert(db).await.map_err(|error| Error::taken(error, "code", code.to_string()))
}

/// Returns the code with the given code.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub async fn get(db: &impl ConnectionTrait, code: i64) -> Result<Model, Error> {
    let row = <Entity as EntityTrait>::find_by_id(code).one(db).await?;
    row.ok_or_else(|| Error::not_found("code", code))
}

/// Deletes the code.
///
/// # Errors
/// Fails if the database rejects it.
pub async fn delete(db: &impl ConnectionTrait, code: Model) -> Result<(), Error> {
    code.delete(db).await?;
    Ok(())
}
