//! Operations on the members of organizations and their roles.

use entity::organization_member::{ActiveModel, Column, Entity, Model};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use super::role;
use crate::Error;

/// Adds the user to the organization, with the named role.
///
/// # Errors
/// Fails with [`Error::NotFound`] if the role does not exist, and with [`Error::AlreadyMember`] if the user is already
/// a member.
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
    member.insert(db).await.map_err(|error| Error::already_member(error, user_id))
}

/// Returns the members of the organization, in the order in which they joined.
///
/// # Errors
/// Fails if the database cannot be reached.
pub async fn list_by_organization(
    db: &impl ConnectionTrait,
    organization_id: Uuid,
) -> Result<Vec<Model>, Error> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id))
        .order_by_asc(Column::CreatedAt)
        .all(db)
        .await?)
}

/// Returns whether the user has exactly the role `role` in the organization. An owner is not an admin.
///
/// # Errors
/// Fails if the database cannot be reached.
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
