//! Tests that a long chain of entities that refer to each other compiles. Neither this crate nor a crate that uses the
//! entities needs `#![recursion_limit]`.

use sea_orm::IntoActiveModel as _;
use sea_orm::entity::prelude::*;
use seedbed_testdb::TestDatabase;

use crate::chain::{links_00, links_01, links_24, links_25};
use crate::support::schema;

/// Returns the neighbor of the last link. The test spawns the future, so rustc must prove that it is `Send`, which
/// takes the most recursion.
async fn neighbor(
    db: sea_orm::DatabaseConnection,
    link: links_25::Model,
) -> Option<links_24::Model> {
    link.find_related(links_24::Entity).one(&db).await.expect("the row can be read")
}

#[tokio::test]
async fn a_chain_of_26_tables_is_followed_in_both_directions() {
    let database = TestDatabase::empty().await;
    schema(&database, include_str!("chain.sql")).await;
    let db = database.connection();
    let first = links_00::Model { id: Uuid::from_u128(1) };
    first.clone().into_active_model().insert(db).await.expect("the row can be written");
    let second = links_01::Model { id: Uuid::from_u128(2), link_id: first.id };
    second.clone().into_active_model().insert(db).await.expect("the row can be written");
    let both = links_01::Entity::find().find_also_related(links_00::Entity).all(db).await;
    assert_eq!(both.expect("the rows can be read"), [(second.clone(), Some(first.clone()))]);
    let back = first.find_related(links_01::Entity).all(db).await;
    assert_eq!(back.expect("the rows can be read"), [second]);

    let last = links_25::Model { id: Uuid::from_u128(3), link_id: Uuid::from_u128(4) };
    let found = tokio::spawn(neighbor(db.clone(), last)).await;
    assert_eq!(found.expect("the task ends"), None);
}
