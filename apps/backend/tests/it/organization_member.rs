//! Tests of the members of organizations.

use anyhow::{Context, Result};
use backend::Error;
use backend::models::{organization, organization_member, role, user};
use sea_orm::DatabaseConnection;
use seedbed_testdb::TestDatabase;

/// Creates an organization, and a user who is not a member of it.
async fn acme_and_ada(
    db: &DatabaseConnection,
) -> Result<(entity::organization::Model, entity::user::Model)> {
    for name in [role::OWNER, role::ADMIN, role::MEMBER] {
        role::create(db, name, "As in the seed.").await?;
    }
    let acme = organization::create(db, "Acme", "acme").await?;
    let ada = user::create(db, "ada@example.com", "Ada").await?;
    Ok((acme, ada))
}

#[tokio::test]
async fn a_member_has_their_role_and_no_other() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let (acme, ada) = acme_and_ada(db).await?;
    let globex = organization::create(db, "Globex", "globex").await?;

    organization_member::add(db, acme.id, ada.id, role::ADMIN).await?;

    assert!(organization_member::has_role(db, acme.id, ada.id, role::ADMIN).await?);
    assert!(!organization_member::has_role(db, acme.id, ada.id, role::OWNER).await?);
    assert!(!organization_member::has_role(db, globex.id, ada.id, role::ADMIN).await?);
    Ok(())
}

#[tokio::test]
async fn a_user_is_a_member_once() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let (acme, ada) = acme_and_ada(db).await?;
    organization_member::add(db, acme.id, ada.id, role::MEMBER).await?;

    let again = organization_member::add(db, acme.id, ada.id, role::OWNER).await;

    let error = again.err().context("a user was added twice")?;
    assert!(matches!(error, Error::AlreadyMember { .. }), "{error:?}");
    let expected = format!("the user `{}` is already a member of the organization", ada.id);
    assert_eq!(error.to_string(), expected);
    assert_eq!(organization_member::list_by_organization(db, acme.id).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_role_that_does_not_exist_is_named() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let (acme, ada) = acme_and_ada(db).await?;

    let emperor = organization_member::add(db, acme.id, ada.id, "emperor").await;

    let error = emperor.err().context("there is an emperor")?;
    assert_eq!(error.to_string(), "there is no role `emperor`");
    Ok(())
}

#[tokio::test]
async fn deleting_an_organization_deletes_its_memberships_and_keeps_the_users() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let (acme, ada) = acme_and_ada(db).await?;
    organization_member::add(db, acme.id, ada.id, role::OWNER).await?;
    let id = acme.id;

    organization::delete(db, acme).await?;

    assert!(organization_member::list_by_organization(db, id).await?.is_empty());
    assert_eq!(user::find_by_email(db, "ada@example.com").await?, Some(ada));
    Ok(())
}

#[tokio::test]
async fn deleting_a_user_deletes_the_memberships_and_keeps_the_organizations() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let (acme, ada) = acme_and_ada(db).await?;
    organization_member::add(db, acme.id, ada.id, role::OWNER).await?;

    user::delete(db, ada).await?;

    assert!(organization_member::list_by_organization(db, acme.id).await?.is_empty());
    assert_eq!(organization::find_by_slug(db, "acme").await?, Some(acme));
    Ok(())
}
