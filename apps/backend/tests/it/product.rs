//! Tests of products.

use anyhow::{Context, Result};
use backend::Error;
use backend::models::product;
use entity::product::ProductType;
use seedbed_testdb::TestDatabase;

#[tokio::test]
async fn find_plan_ignores_an_addon_with_the_same_name() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let storage = product::create(db, ProductType::Addon, "Storage").await?;
    assert_eq!(product::find_plan(db, "Storage").await?, None);

    let plan = product::create(db, ProductType::Plan, "Storage").await?;

    assert_eq!(product::find_plan(db, "Storage").await?, Some(plan));
    assert_eq!(product::list_by_type(db, ProductType::Addon).await?, [storage]);
    Ok(())
}

#[tokio::test]
async fn a_name_is_unique_among_products_of_its_type() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    product::create(db, ProductType::Plan, "Team").await?;

    let again = product::create(db, ProductType::Plan, "Team").await;

    let error = again.err().context("the name was taken twice")?;
    assert_eq!(error.to_string(), "the product name `Team` is taken");
    Ok(())
}

#[tokio::test]
async fn an_external_id_belongs_to_at_most_one_product() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let team = product::create(db, ProductType::Plan, "Team").await?;
    let storage = product::create(db, ProductType::Addon, "Storage").await?;
    let team = product::set_external_id(db, team, "prod_1").await?;
    assert_eq!(team.external_id.as_deref(), Some("prod_1"));

    let second = product::set_external_id(db, storage, "prod_1").await;

    assert!(matches!(second, Err(Error::Taken { .. })), "{second:?}");
    Ok(())
}

#[tokio::test]
async fn the_default_plans_are_seeded() -> Result<()> {
    let database = TestDatabase::with_seeds(&rds::project(), "test").await;
    let db = database.connection();

    let plans = product::list_by_type(db, ProductType::Plan).await?;

    let names: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(names, ["Pro", "Starter"]);
    Ok(())
}
