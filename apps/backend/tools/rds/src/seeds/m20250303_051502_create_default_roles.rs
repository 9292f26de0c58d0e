//! Creates the roles that every organization has: owner, admin and member.
use entity::role::{ActiveModel, Column, Entity};
use uuid::{Uuid, uuid};

use crate::prelude::*;

/// The id, name and description of each role. The ids are the same in every database, so that `down` recognizes the
/// rows of this seed.
const ROLES: [(Uuid, &str, &str); 3] = [
    (
        uuid!("ca70efb3-c892-4429-964c-e017a9a7c24a"),
        "owner",
        "Does everything, deleting the organization included.",
    ),
    (
        uuid!("26f0cdae-0642-4184-b083-645e980fceec"),
        "admin",
        "Manages the members and what they share.",
    ),
    (
        uuid!("c0b94623-f415-452e-8980-c194a1814a22"),
        "member",
        "Works with what the organization shares.",
    ),
];

/// Inserts the roles. An existing role with the same name keeps its id and gets the description.
pub async fn up(schema: &Schema<'_>) -> Result {
    let roles = ROLES.map(|(id, name, description)| ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        description: Set(description.to_owned()),
        ..Default::default()
    });
    let same_name = OnConflict::column(Column::Name).update_column(Column::Description).to_owned();
    Entity::insert_many(roles).on_conflict(same_name).exec_without_returning(schema).await?;
    Ok(())
}

/// Deletes the roles. The database refuses this while a member has one of them.
pub async fn down(schema: &Schema<'_>) -> Result {
    let ours = Column::Id.is_in(ROLES.map(|(id, ..)| id));
    Entity::delete_many().filter(ours).exec(schema).await?;
    Ok(())
}
