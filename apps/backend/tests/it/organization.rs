//! Tests of organizations.

use anyhow::{Context, Result};
use backend::Error;
use backend::models::organization;
use seedbed_testdb::TestDatabase;

#[tokio::test]
async fn a_slug_is_unique() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let acme = organization::create(db, "Acme", "acme").await?;

    let again = organization::create(db, "Acme Ltd", "acme").await;

    let error = again.err().context("the slug was taken twice")?;
    assert_eq!(error.to_string(), "the slug `acme` is taken");
    assert_eq!(organization::find_by_slug(db, "acme").await?, Some(acme));
    Ok(())
}

#[tokio::test]
async fn an_organization_is_found_by_its_stripe_customer() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let acme = organization::create(db, "Acme", "acme").await?;
    assert_eq!(acme.stripe_customer_id, None);

    let acme = organization::set_stripe_customer_id(db, acme, "cus_1").await?;

    assert_eq!(organization::find_by_stripe_customer_id(db, "cus_1").await?, Some(acme));
    assert_eq!(organization::find_by_stripe_customer_id(db, "cus_2").await?, None);
    Ok(())
}

#[tokio::test]
async fn a_stripe_customer_belongs_to_at_most_one_organization() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let acme = organization::create(db, "Acme", "acme").await?;
    let globex = organization::create(db, "Globex", "globex").await?;
    organization::set_stripe_customer_id(db, acme, "cus_1").await?;

    let second = organization::set_stripe_customer_id(db, globex, "cus_1").await;

    assert!(matches!(second, Err(Error::Taken { .. })), "{second:?}");
    Ok(())
}
