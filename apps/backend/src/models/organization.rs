//! Organizations: who pays.

use entity::organization::{ActiveModel, Column, Entity, Model};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, Set};

use crate::Error;

/// Creates an organization without members.
///
/// # Errors
/// [`Error::Taken`] when another organization has the slug.
pub async fn create(db: &impl ConnectionTrait, name: &str, slug: &str) -> Result<Model, Error> {
    let organization = ActiveModel {
        name: Set(name.to_owned()),
        slug: Set(slug.to_owned()),
        ..Default::default()
    };
    organization.insert(db).await.map_err(|error| Error::taken(error, "slug", slug))
}

/// The organization with that slug.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Model>, Error> {
    Ok(Entity::find().filter(Column::Slug.eq(slug)).one(db).await?)
}

/// The organization that is this customer at Stripe.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_stripe_customer_id(
    db: &impl ConnectionTrait,
    customer: &str,
) -> Result<Option<Model>, Error> {
    Ok(Entity::find().filter(Column::StripeCustomerId.eq(customer)).one(db).await?)
}

/// Remembers which customer the organization is at Stripe.
///
/// # Errors
/// [`Error::Taken`] when another organization is that customer.
pub async fn set_stripe_customer_id(
    db: &impl ConnectionTrait,
    organization: Model,
    customer: &str,
) -> Result<Model, Error> {
    let mut organization = organization.into_active_model();
    organization.stripe_customer_id = Set(Some(customer.to_owned()));
    organization.update(db).await.map_err(|error| Error::taken(error, "Stripe customer", customer))
}

/// Deletes the organization, and with it who belonged to it. The users stay.
///
/// # Errors
/// When the database refuses.
pub async fn delete(db: &impl ConnectionTrait, organization: Model) -> Result<(), Error> {
    organization.delete(db).await?;
    Ok(())
}
