//! Operations on organizations, the customers that pay.

use entity::organization::{ActiveModel, Column, Entity, Model};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, Set};

use crate::Error;

/// Creates an organization without members.
///
/// # Errors
/// Fails with [`Error::Taken`] if another organization has the slug.
pub async fn create(db: &impl ConnectionTrait, name: &str, slug: &str) -> Result<Model, Error> {
    let organization = ActiveModel {
        name: Set(name.to_owned()),
        slug: Set(slug.to_owned()),
        ..Default::default()
    };
    organization.insert(db).await.map_err(|error| Error::taken(error, "slug", slug))
}

/// Returns the organization with the given slug.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn find_by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Model>, Error> {
    Ok(Entity::find().filter(Column::Slug.eq(slug)).one(db).await?)
}

/// Returns the organization with the given customer id at Stripe.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn find_by_stripe_customer_id(
    db: &impl ConnectionTrait,
    customer: &str,
) -> Result<Option<Model>, Error> {
    Ok(Entity::find().filter(Column::StripeCustomerId.eq(customer)).one(db).await?)
}

/// Stores the organization's customer id at Stripe.
///
/// # Errors
/// Fails with [`Error::Taken`] if another organization has the customer id.
pub async fn set_stripe_customer_id(
    db: &impl ConnectionTrait,
    organization: Model,
    customer: &str,
) -> Result<Model, Error> {
    let mut organization = organization.into_active_model();
    organization.stripe_customer_id = Set(Some(customer.to_owned()));
    organization.update(db).await.map_err(|error| Error::taken(error, "Stripe customer", customer))
}

/// Deletes the organization and its memberships. The users stay.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn delete(db: &impl ConnectionTrait, organization: Model) -> Result<(), Error> {
    organization.delete(db).await?;
    Ok(())
}
