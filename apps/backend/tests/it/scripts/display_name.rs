//! Tests adding a NOT NULL column in three steps, on a table that has rows.

use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use seedbed_engine::{Action, ScriptKind, Target};
use seedbed_testdb::TestDatabase;

use super::support::run;

const STEP_1: &str = "m20250402_080912_add_display_name_to_users";

/// Creates a database with the schema before step 1, with more users than two batches hold.
async fn database_before_step_1() -> Result<TestDatabase> {
    let database = TestDatabase::new(&rds::project()).await;
    migrate(&database, Action::Down, Target::To(STEP_1.into())).await?;
    let rows = "INSERT INTO users (email, name) \
                SELECT 'user' || n || '@example.com', 'User ' || n FROM generate_series(1, 2500) n";
    database.connection().execute_unprepared(rows).await?;
    Ok(database)
}

async fn migrate(database: &TestDatabase, action: Action, target: Target) -> Result<()> {
    run(database, "test", ScriptKind::Migration, action, target).await?;
    Ok(())
}

async fn count(db: &DatabaseConnection, condition: &str) -> Result<i64> {
    let sql = format!("SELECT count(*) AS users FROM users WHERE {condition}");
    let row = db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql));
    Ok(row.await?.context("no count")?.try_get("", "users")?)
}

#[tokio::test]
async fn the_backfill_fills_in_every_row_before_not_null_is_set() -> Result<()> {
    let database = database_before_step_1().await?;
    let db = database.connection();

    migrate(&database, Action::Up, Target::All).await?;

    assert_eq!(count(db, "display_name = name").await?, 2500);
    let missing = db.execute_unprepared("INSERT INTO users (email, name) VALUES ('x', 'x')").await;
    let error = missing.err().context("a user without a display name was inserted")?;
    assert!(error.to_string().contains("violates not-null constraint"), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_temporary_check_constraint_is_dropped_afterwards() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();

    let sql =
        "SELECT conname FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'c'";
    let checks = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql));

    assert_eq!(checks.await?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn the_backfill_leaves_a_chosen_name_alone() -> Result<()> {
    let database = database_before_step_1().await?;
    let db = database.connection();
    migrate(&database, Action::Up, Target::To(STEP_1.into())).await?;
    let chosen = "UPDATE users SET display_name = 'Chosen' WHERE name = 'User 1700'";
    db.execute_unprepared(chosen).await?;

    migrate(&database, Action::Up, Target::All).await?;

    assert_eq!(count(db, "display_name = 'Chosen'").await?, 1);
    assert_eq!(count(db, "display_name = name").await?, 2499);
    Ok(())
}
