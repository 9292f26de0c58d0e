//! Users: who can sign in.

use entity::user::{ActiveModel, Column, Entity, Model};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{IntoActiveModel, Set};

use crate::Error;

/// Creates a user without a password. Others see their name until they choose another.
///
/// # Errors
/// [`Error::Taken`] when another user has the e-mail address, whatever the case.
pub async fn create(db: &impl ConnectionTrait, email: &str, name: &str) -> Result<Model, Error> {
    let user = ActiveModel {
        email: Set(email.to_owned()),
        name: Set(name.to_owned()),
        display_name: Set(name.to_owned()),
        ..Default::default()
    };
    user.insert(db).await.map_err(|error| Error::taken(error, "e-mail address", email))
}

/// The user with that e-mail address, whatever the case.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Model>, Error> {
    // The expression that the unique index is on, or else PostgreSQL reads the whole table.
    let same = Func::lower(Expr::col(Column::Email)).eq(Func::lower(email));
    Ok(Entity::find().filter(same).one(db).await?)
}

/// Changes what others see.
///
/// # Errors
/// When the database refuses.
pub async fn set_display_name(
    db: &impl ConnectionTrait,
    user: Model,
    display_name: &str,
) -> Result<Model, Error> {
    let mut user = user.into_active_model();
    user.display_name = Set(display_name.to_owned());
    Ok(user.update(db).await?)
}

/// Deletes the user, and with them their memberships. The organizations stay.
///
/// # Errors
/// When the database refuses.
pub async fn delete(db: &impl ConnectionTrait, user: Model) -> Result<(), Error> {
    user.delete(db).await?;
    Ok(())
}
