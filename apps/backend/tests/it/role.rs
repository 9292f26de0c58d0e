//! Tests of roles.

use anyhow::{Context, Result};
use backend::Error;
use backend::models::{organization, organization_member, role, user};
use seedbed_testdb::TestDatabase;

#[tokio::test]
async fn a_role_name_is_unique() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    role::create(db, "auditor", "Reads everything.").await?;

    let again = role::create(db, "auditor", "Reads everything twice.").await;

    let error = again.err().context("the name was taken twice")?;
    assert_eq!(error.to_string(), "the role name `auditor` is taken");
    Ok(())
}

#[tokio::test]
async fn a_role_in_use_cannot_be_deleted() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let auditor = role::create(db, "auditor", "Reads everything.").await?;
    let acme = organization::create(db, "Acme", "acme").await?;
    let ada = user::create(db, "ada@example.com", "Ada").await?;
    organization_member::add(db, acme.id, ada.id, "auditor").await?;

    let refused = role::delete(db, auditor.clone()).await;
    assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");

    organization::delete(db, acme).await?;
    role::delete(db, auditor).await?;
    let deleted = role::get(db, "auditor").await;
    assert!(matches!(deleted, Err(Error::NotFound { .. })), "{deleted:?}");
    Ok(())
}

#[tokio::test]
async fn the_default_roles_are_seeded() -> Result<()> {
    let database = TestDatabase::with_seeds(&rds::project(), "test").await;
    let db = database.connection();

    for name in [role::OWNER, role::ADMIN, role::MEMBER] {
        assert_eq!(role::get(db, name).await?.name, name);
    }
    Ok(())
}
