//! Tests the models that `create-model` generates, as a program uses them. The generated tests of the models run too.

use anyhow::Result;
use sea_orm::entity::prelude::*;
use test_support::{assert_snapshot, snapshot};

use crate::models::{
    code, country, gadget, gadgets_label, gadgets_mood, gadgets_owner, label, number, owner, visit,
};
use crate::shop::enums::Mood;
use crate::{Error, shop_database};

#[tokio::test]
async fn a_row_is_created_found_and_deleted() -> Result<()> {
    let database = shop_database().await;
    let db = database.connection();
    let ada = owner::create(db, "Ada").await?;
    let price = Decimal::new(1050, 2);
    let tags = vec!["red".to_owned()];

    let gadget = gadget::create(db, ada.id, "Watch", price, Mood::Glad, tags).await?;

    assert_eq!(gadget.label, "Watch!");
    assert_eq!(gadget::get(db, gadget.id).await?, gadget);
    assert_eq!(visit::create(db).await?.id, 1);
    owner::delete(db, ada).await?;
    assert!(matches!(gadget::get(db, gadget.id).await, Err(Error::NotFound { .. })));
    Ok(())
}

#[tokio::test]
async fn a_row_is_found_by_a_key_of_several_columns() -> Result<()> {
    let database = shop_database().await;
    let db = database.connection();
    let ada = owner::create(db, "Ada").await?;
    let watch = gadget::create(db, ada.id, "Watch", Decimal::ONE, Mood::Glad, Vec::new()).await?;
    let day = Date::default();

    let mood = gadgets_mood::create(db, watch.id, Mood::SoSo, day).await?;

    assert_eq!(gadgets_mood::get(db, watch.id, Mood::SoSo, day).await?, mood);
    let again = gadgets_mood::create(db, watch.id, Mood::SoSo, day).await;
    let message = again.expect_err("the row exists").to_string();
    snapshot!("taken_key").replacing(&watch.id.to_string(), "[id]").assert_matches(&message);
    gadgets_mood::delete(db, mood).await?;
    assert!(gadgets_mood::get(db, watch.id, Mood::SoSo, day).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_duplicate_of_a_unique_value_is_reported_as_taken() -> Result<()> {
    let database = shop_database().await;
    let db = database.connection();
    owner::create(db, "Ada").await?;
    country::create(db, "nl", "The Netherlands").await?;
    number::create(db, 7).await?;

    let messages = [
        owner::create(db, "Ada").await.expect_err("the name is taken").to_string(),
        country::create(db, "nl", "Holland").await.expect_err("the key is taken").to_string(),
        number::create(db, 7).await.expect_err("the key is taken").to_string(),
    ];

    assert_snapshot!("taken", messages.join("\n"));
    Ok(())
}

#[tokio::test]
async fn columns_with_a_default_are_left_to_the_database() -> Result<()> {
    let database = shop_database().await;
    let db = database.connection();
    let words = vec!["Red".to_owned()];

    let red = label::create(db, "Red", "a@example.com", words, vec![Mood::Glad]).await?;

    assert_eq!((red.mood, red.rank), (Mood::Glad, 7));
    assert_eq!(label::get(db, "RED").await?, red);
    Ok(())
}

#[tokio::test]
async fn a_many_to_many_relation_follows_its_join_table() -> Result<()> {
    use crate::shop::{gadget as gadgets, label as labels, owner as owners};
    let database = shop_database().await;
    let db = database.connection();
    let (ada, bob) = (owner::create(db, "Ada").await?, owner::create(db, "Bob").await?);
    let watch = gadget::create(db, ada.id, "Watch", Decimal::ONE, Mood::Glad, Vec::new()).await?;
    let red = label::create(db, "red", "a@example.com", Vec::new(), Vec::new()).await?;

    gadgets_owner::create(db, watch.id, bob.id).await?;
    gadgets_label::create(db, watch.id, "red").await?;

    // A gadget has a foreign key to its owner, too, so `find_related` follows this key and not the join table.
    assert_eq!(watch.find_related(labels::Entity).all(db).await?, vec![red.clone()]);
    assert_eq!(red.find_related(gadgets::Entity).all(db).await?, vec![watch.clone()]);
    assert_eq!(watch.find_related(owners::Entity).all(db).await?, [ada]);
    Ok(())
}

#[tokio::test]
async fn a_row_is_found_by_its_key_if_another_column_is_named_id() -> Result<()> {
    let database = shop_database().await;
    let db = database.connection();
    let row = code::create(db, 5, Uuid::nil()).await?;
    assert_eq!(code::get(db, 5).await?, row);
    Ok(())
}
