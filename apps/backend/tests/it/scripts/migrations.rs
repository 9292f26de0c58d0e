//! Tests of all migrations together.

use std::num::NonZeroU32;

use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use seedbed_engine::{Action, ScriptKind, Target};
use seedbed_schema::model::{PartKind, QualifiedName};
use seedbed_schema::{DatabaseSchema, ReadOptions, diff, execute_sql_file};
use seedbed_testdb::TestDatabase;

use super::support::run;

async fn schema(db: &DatabaseConnection) -> Result<DatabaseSchema> {
    let mut connection = db.get_postgres_connection_pool().acquire().await?;
    Ok(DatabaseSchema::read(&mut connection, &ReadOptions::default()).await?)
}

/// Describes the differences between two schemas.
fn differences(before: &DatabaseSchema, after: &DatabaseSchema) -> String {
    diff(before, after).iter().map(|change| format!("\n{change}")).collect()
}

/// Describes the differences between two schemas, except for the order of columns, because a column that `up` drops and
/// `down` adds again becomes the last one.
fn differences_but_for_order(before: &DatabaseSchema, after: &DatabaseSchema) -> String {
    let changes = diff(before, after).into_iter();
    let changes = changes.filter(|one| one.object().part_kind() != Some(PartKind::ColumnOrder));
    changes.map(|change| format!("\n{change}")).collect()
}

#[tokio::test]
async fn every_migration_round_trips() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let migrate =
        async |action, target| run(&database, "test", ScriptKind::Migration, action, target).await;
    let one = || Target::Steps(NonZeroU32::MIN);
    let migrated = schema(db).await?;
    let total = migrate(Action::Down, Target::All).await?.done.len();

    for _ in 0..total {
        let before = schema(db).await?;
        let report = migrate(Action::Up, one()).await?;
        let name = &report.done.first().context("nothing was applied")?.name;
        migrate(Action::Down, one()).await?;
        let left = differences_but_for_order(&before, &schema(db).await?);
        assert_eq!(left, "", "`down` of {name} is not the inverse of its `up`");
        migrate(Action::Up, one()).await?;
    }

    assert_eq!(differences(&migrated, &schema(db).await?), "");
    Ok(())
}

#[tokio::test]
async fn the_sql_of_the_schema_creates_the_schema_of_the_migrations() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let migrated = schema(database.connection()).await?;
    let other = TestDatabase::empty().await;
    let mut connection = other.connection().get_postgres_connection_pool().acquire().await?;
    execute_sql_file(&mut connection, &migrated.to_sql()).await?;
    drop(connection);
    let loaded = schema(other.connection()).await?;
    assert_eq!(differences(&migrated, &loaded), "");
    assert!(loaded.tables.contains_key(&QualifiedName::new("public", "users")));
    Ok(())
}

#[tokio::test]
async fn an_extension_that_somebody_else_uses_stays() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let other = "CREATE SCHEMA other; \
                 CREATE TABLE other.things (id uuid DEFAULT uuid_generate_v4(), name text); \
                 INSERT INTO other.things (name) VALUES ('theirs')";
    db.execute_unprepared(other).await?;

    run(&database, "test", ScriptKind::Migration, Action::Down, Target::All).await?;

    db.execute_unprepared("INSERT INTO other.things (name) VALUES ('theirs too')").await?;
    run(&database, "test", ScriptKind::Migration, Action::Up, Target::All).await?;
    assert!(schema(db).await?.to_sql().contains("CREATE EXTENSION \"uuid-ossp\""));
    Ok(())
}
