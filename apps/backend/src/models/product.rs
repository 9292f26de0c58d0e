//! Operations on products, which an organization can buy.

use entity::product::{ActiveModel, Column, Entity, Model, ProductType};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, Set};

use crate::Error;

/// Creates a product that does not exist at the payment provider yet.
///
/// # Errors
/// Fails with [`Error::Taken`] if a product of the same type has the name.
pub async fn create(
    db: &impl ConnectionTrait,
    product_type: ProductType,
    name: &str,
) -> Result<Model, Error> {
    let product = ActiveModel {
        product_type: Set(product_type),
        name: Set(name.to_owned()),
        ..Default::default()
    };
    product.insert(db).await.map_err(|error| Error::taken(error, "product name", name))
}

/// Returns the plan with the given name. Ignores an add-on with the same name.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn find_plan(db: &impl ConnectionTrait, name: &str) -> Result<Option<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::ProductType.eq(ProductType::Plan))
        .filter(Column::Name.eq(name))
        .one(db)
        .await?)
}

/// Returns all products of a type, ordered by name.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn list_by_type(
    db: &impl ConnectionTrait,
    product_type: ProductType,
) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::ProductType.eq(product_type))
        .order_by_asc(Column::Name)
        .all(db)
        .await?)
}

/// Stores the product's id at the payment provider.
///
/// # Errors
/// Fails with [`Error::Taken`] if another product has the id.
pub async fn set_external_id(
    db: &impl ConnectionTrait,
    product: Model,
    external_id: &str,
) -> Result<Model, Error> {
    let mut product = product.into_active_model();
    product.external_id = Set(Some(external_id.to_owned()));
    product.update(db).await.map_err(|error| Error::taken(error, "external id", external_id))
}
