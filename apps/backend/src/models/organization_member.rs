//! Members: who belongs to which organization, and as what.

use entity::organization_member::{ActiveModel, Column, Entity, Model};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use super::role;
use crate::Error;

/// Makes the user a member of the organization, in the role of that name.
///
/// # Errors
/// [`Error::NotFound`] when there is no such role, [`Error::Taken`] when the user is a member already.
pub async fn add(
    db: &impl ConnectionTrait,
    organization_id: Uuid,
    user_id: Uuid,
    role: &str,
) -> Result<Model, Error> {
    let role = role::get(db, role).await?;
    let member = ActiveModel {
        organization_id: Set(organization_id),
        user_id: Set(user_id),
        role_id: Set(role.id),
        ..Default::default()
    };
    member.insert(db).await.map_err(|error| Error::taken(error, "membership of user", user_id))
}

/// Who belongs to the organization, longest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_organization(
    db: &impl ConnectionTrait,
    organization_id: Uuid,
) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id))
        .order_by_asc(Column::CreatedAt)
        .all(db)
        .await?)
}

/// Whether the user has exactly that role in the organization; an owner is no admin.
///
/// # Errors
/// When the database cannot be asked.
pub async fn has_role(
    db: &impl ConnectionTrait,
    organization_id: Uuid,
    user_id: Uuid,
    role: &str,
) -> Result<bool, Error> {
    Ok(Entity::find()
        .inner_join(entity::role::Entity)
        .filter(Column::OrganizationId.eq(organization_id))
        .filter(Column::UserId.eq(user_id))
        .filter(entity::role::Column::Name.eq(role))
        .exists(db)
        .await?)
}
