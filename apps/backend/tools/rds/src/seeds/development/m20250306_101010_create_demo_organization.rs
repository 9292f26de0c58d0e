//! Creates a demo organization with an owner and a member, in development only.
use entity::{organization, organization_member, role, user};
use uuid::{Uuid, uuid};

use crate::prelude::*;

const ORGANIZATION: Uuid = uuid!("a10dc294-23a8-414d-9ab1-0a1d30f4aba0");
const SLUG: &str = "demo";

/// The members: id of the user, id of the membership, e-mail address, name and role.
const PEOPLE: [(Uuid, Uuid, &str, &str, &str); 2] = [
    (
        uuid!("cb72a614-591a-4c31-91a3-cfd8c5ba0c4f"),
        uuid!("06a3bfd6-df76-4b13-a87d-789e4820a256"),
        "olga@example.com",
        "Olga Owner",
        "owner",
    ),
    (
        uuid!("3d7087f4-a4f5-407e-8c83-59ccbc65c362"),
        uuid!("60297ba1-1e92-4801-84ef-86664ebd9cc4"),
        "max@example.com",
        "Max Member",
        "member",
    ),
];

/// Inserts or updates each row by its natural key, and uses the id of the returned row, because an existing row keeps
/// its own id.
pub async fn up(schema: &Schema<'_>) -> Result {
    let demo = organization::ActiveModel {
        id: Set(ORGANIZATION),
        name: Set("Demo".to_owned()),
        slug: Set(SLUG.to_owned()),
        ..Default::default()
    };
    let same_slug = OnConflict::column(organization::Column::Slug)
        .update_column(organization::Column::Name)
        .to_owned();
    let demo = organization::Entity::insert(demo)
        .on_conflict(same_slug)
        .exec_with_returning(schema)
        .await?;

    for (id, membership, email, name, role) in PEOPLE {
        let person = user::ActiveModel {
            id: Set(id),
            email: Set(email.to_owned()),
            name: Set(name.to_owned()),
            display_name: Set(name.to_owned()),
            ..Default::default()
        };
        let same_email = OnConflict::new()
            .expr(Func::lower(Expr::col(user::Column::Email)))
            .update_column(user::Column::Name)
            .to_owned();
        let person = user::Entity::insert(person)
            .on_conflict(same_email)
            .exec_with_returning(schema)
            .await?;

        let role = role::Entity::find()
            .filter(role::Column::Name.eq(role))
            .one(schema)
            .await?
            .with_context(|| format!("there is no role `{role}`"))?;
        let member = organization_member::ActiveModel {
            id: Set(membership),
            organization_id: Set(demo.id),
            user_id: Set(person.id),
            role_id: Set(role.id),
            ..Default::default()
        };
        let same_member = OnConflict::columns([
            organization_member::Column::OrganizationId,
            organization_member::Column::UserId,
        ])
        .update_column(organization_member::Column::RoleId)
        .to_owned();
        organization_member::Entity::insert(member)
            .on_conflict(same_member)
            .exec_without_returning(schema)
            .await?;
    }
    Ok(())
}

/// Deletes the organization, and with it all memberships, including those of other users.
pub async fn down(schema: &Schema<'_>) -> Result {
    let memberships = PEOPLE.map(|(_, membership, ..)| membership);
    organization_member::Entity::delete_many()
        .filter(organization_member::Column::Id.is_in(memberships))
        .exec(schema)
        .await?;
    organization::Entity::delete_by_id(ORGANIZATION).exec(schema).await?;
    user::Entity::delete_many()
        .filter(user::Column::Id.is_in(PEOPLE.map(|(id, ..)| id)))
        .exec(schema)
        .await?;
    Ok(())
}
