//! Creates the plans that an organization can subscribe to: Starter and Pro.
use entity::product::{ActiveModel, Column, Entity, ProductType};
use uuid::{Uuid, uuid};

use crate::prelude::*;

/// The id and name of each plan. The ids are the same in every database, so that `down` recognizes the rows of this
/// seed.
const PLANS: [(Uuid, &str); 2] = [
    (uuid!("53ba2e7a-b005-4024-bcbe-6ba7e66ea4d9"), "Starter"),
    (uuid!("ab62f8b9-08ad-48fb-a6ff-22cb7420d00e"), "Pro"),
];

/// Inserts the plans. Leaves an existing plan with the same name unchanged, because the payment provider may refer to
/// it.
pub async fn up(schema: &Schema<'_>) -> Result {
    let plans = PLANS.map(|(id, name)| ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        product_type: Set(ProductType::Plan),
        ..Default::default()
    });
    let same_name =
        OnConflict::columns([Column::ProductType, Column::Name]).do_nothing().to_owned();
    Entity::insert_many(plans).on_conflict(same_name).exec_without_returning(schema).await?;
    Ok(())
}

pub async fn down(schema: &Schema<'_>) -> Result {
    let ours = Column::Id.is_in(PLANS.map(|(id, _)| id));
    Entity::delete_many().filter(ours).exec(schema).await?;
    Ok(())
}
