//! Operations on users, the people who can sign in.

use entity::user::{ActiveModel, Column, Entity, Model};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{IntoActiveModel, Set};

use crate::Error;

/// Creates a user without a password. The display name is the name until the user chooses another.
///
/// # Errors
/// Fails with [`Error::Taken`] if another user has the e-mail address in any letter case.
pub async fn create(db: &impl ConnectionTrait, email: &str, name: &str) -> Result<Model, Error> {
    let user = ActiveModel {
        email: Set(email.to_owned()),
        name: Set(name.to_owned()),
        display_name: Set(name.to_owned()),
        ..Default::default()
    };
    user.insert(db).await.map_err(|error| Error::taken(error, "e-mail address", email))
}

/// Returns the user with the given e-mail address, regardless of letter case.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn find_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Model>, Error> {
    // PostgreSQL uses the unique index only for the expression that is indexed.
    let same = Func::lower(Expr::col(Column::Email)).eq(Func::lower(email));
    Ok(Entity::find().filter(same).one(db).await?)
}

/// Changes the name that other users see.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn set_display_name(
    db: &impl ConnectionTrait,
    user: Model,
    display_name: &str,
) -> Result<Model, Error> {
    let mut user = user.into_active_model();
    user.display_name = Set(display_name.to_owned());
    Ok(user.update(db).await?)
}

/// Deletes the user and their memberships. The organizations stay.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn delete(db: &impl ConnectionTrait, user: Model) -> Result<(), Error> {
    user.delete(db).await?;
    Ok(())
}
