//! Tests of users.

use anyhow::{Context, Result};
use backend::Error;
use backend::models::user;
use sea_orm::entity::prelude::*;
use seedbed_testdb::TestDatabase;

#[tokio::test]
async fn the_database_fills_in_id_and_times() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();

    let ada = user::create(db, "ada@example.com", "Ada Lovelace").await?;

    assert_eq!(ada.id.get_version_num(), 4);
    assert_eq!(ada.created_at, ada.updated_at);
    assert_eq!(ada.display_name, "Ada Lovelace");
    assert!(!ada.is_admin);
    Ok(())
}

#[tokio::test]
async fn an_email_address_is_unique_regardless_of_case() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    user::create(db, "Ada@Example.com", "Ada").await?;

    let again = user::create(db, "ada@example.COM", "Another Ada").await;

    let error = again.err().context("the address was taken twice")?;
    assert!(matches!(error, Error::Taken { .. }), "{error:?}");
    assert_eq!(error.to_string(), "the e-mail address `ada@example.COM` is taken");
    Ok(())
}

#[tokio::test]
async fn a_user_is_found_by_email_regardless_of_case() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let ada = user::create(db, "Ada@Example.com", "Ada").await?;

    assert_eq!(user::find_by_email(db, "aDA@example.com").await?, Some(ada));
    assert_eq!(user::find_by_email(db, "bob@example.com").await?, None);
    Ok(())
}

#[tokio::test]
async fn every_change_shows_in_updated_at() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let created = user::create(db, "ada@example.com", "Ada").await?;

    let changed = user::set_display_name(db, created.clone(), "Countess").await?;
    assert!(changed.updated_at > created.updated_at);
    assert_eq!(changed.created_at, created.created_at);

    // A bulk update does not use the model.
    entity::user::Entity::update_many()
        .col_expr(entity::user::Column::IsAdmin, Expr::value(true))
        .exec(db)
        .await?;
    let in_bulk = user::find_by_email(db, "ada@example.com").await?.context("no Ada")?;
    assert!(in_bulk.updated_at > changed.updated_at);
    Ok(())
}

#[tokio::test]
async fn an_update_that_changes_nothing_leaves_updated_at_unchanged() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let created = user::create(db, "ada@example.com", "Ada").await?;

    let same = user::set_display_name(db, created.clone(), "Ada").await?;

    assert_eq!(same, created);
    Ok(())
}
