//! Tests of all seeds together, on databases in which some of their rows exist.

use anyhow::{Context, Result};
use backend::models::{organization, organization_member, product, role, user};
use entity::product::ProductType;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use seedbed_engine::{Action, ScriptKind, Target};
use seedbed_testdb::TestDatabase;

use super::support::run;

async fn seed(database: &TestDatabase, environment: &str, action: Action) -> Result<()> {
    run(database, environment, ScriptKind::Seed, action, Target::All).await?;
    Ok(())
}

#[tokio::test]
async fn an_existing_row_keeps_its_id_and_is_not_deleted() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let owner = role::create(db, role::OWNER, "To be described by the seed.").await?;
    let pro = product::create(db, ProductType::Plan, "Pro").await?;
    let pro = product::set_external_id(db, pro, "prod_1").await?;
    let olga = user::create(db, "Olga@Example.com", "Olga").await?;
    let demo = organization::create(db, "Demo", "demo").await?;

    seed(&database, "development", Action::Up).await?;

    let described = role::get(db, role::OWNER).await?;
    assert_eq!(described.id, owner.id);
    assert_ne!(described.description, owner.description);
    assert_eq!(product::find_plan(db, "Pro").await?, Some(pro.clone()));
    assert!(organization_member::has_role(db, demo.id, olga.id, role::OWNER).await?);

    seed(&database, "development", Action::Down).await?;

    assert_eq!(role::get(db, role::OWNER).await?.id, owner.id);
    assert_eq!(entity::role::Entity::find().count(db).await?, 1);
    assert_eq!(entity::product::Entity::find().all(db).await?, [pro]);
    let users = entity::user::Entity::find().all(db).await?;
    assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [olga.id]);
    assert_eq!(organization::find_by_slug(db, "demo").await?, Some(demo));
    assert_eq!(entity::organization_member::Entity::find().count(db).await?, 0);
    Ok(())
}

#[tokio::test]
async fn seeds_run_again_change_nothing() -> Result<()> {
    let database = TestDatabase::with_seeds(&rds::project(), "development").await;
    let db = database.connection();
    let rows = async || -> Result<_> {
        Ok((
            entity::role::Entity::find().order_by_asc(entity::role::Column::Id).all(db).await?,
            entity::product::Entity::find()
                .order_by_asc(entity::product::Column::Id)
                .all(db)
                .await?,
            entity::user::Entity::find().order_by_asc(entity::user::Column::Id).all(db).await?,
            entity::organization::Entity::find()
                .order_by_asc(entity::organization::Column::Id)
                .all(db)
                .await?,
            entity::organization_member::Entity::find()
                .order_by_asc(entity::organization_member::Column::Id)
                .all(db)
                .await?,
        ))
    };
    let before = rows().await?;
    assert_eq!(before.4.len(), 2, "the demo organization has two members");

    // A database has this state if its rows were restored without the history.
    db.execute_unprepared("DELETE FROM seaql_seeds").await?;
    seed(&database, "development", Action::Up).await?;

    assert_eq!(rows().await?, before);
    Ok(())
}

#[tokio::test]
async fn the_demo_organization_is_for_development_only() -> Result<()> {
    let database = TestDatabase::with_seeds(&rds::project(), "test").await;
    let db = database.connection();
    assert_eq!(organization::find_by_slug(db, "demo").await?, None);

    seed(&database, "development", Action::Up).await?;

    let demo = organization::find_by_slug(db, "demo").await?.context("no demo organization")?;
    assert_eq!(organization_member::list_by_organization(db, demo.id).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn reverting_a_seed_keeps_the_roles_in_use() -> Result<()> {
    let database = TestDatabase::with_seeds(&rds::project(), "test").await;
    let db = database.connection();
    let acme = organization::create(db, "Acme", "acme").await?;
    let ada = user::create(db, "ada@example.com", "Ada").await?;
    organization_member::add(db, acme.id, ada.id, role::MEMBER).await?;

    let refused = seed(&database, "test", Action::Down).await;

    assert!(refused.is_err());
    assert!(organization_member::has_role(db, acme.id, ada.id, role::MEMBER).await?);
    assert_eq!(entity::role::Entity::find().count(db).await?, 3);
    Ok(())
}
