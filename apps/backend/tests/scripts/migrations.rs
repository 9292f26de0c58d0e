//! The migrations as a whole.

use std::num::NonZeroU32;

use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use seedbed_engine::{Action, Kind, Target};
use seedbed_testdb::TestDatabase;

use crate::support::run;

/// Everything that a migration may have made, one line each.
const EVERYTHING: &str = "
    WITH ours AS (
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND relname NOT LIKE 'seaql\\_%' AND relname NOT LIKE 'seedbed\\_%'
    ),
    lines (line) AS (
        SELECT 'extension ' || extname FROM pg_extension
        UNION ALL SELECT 'type ' || t.typname || ' ' || e.enumlabel
        FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
        UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace
        UNION ALL SELECT format('column %s.%s %s %s %s', relname, attname,
            format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
        FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid)
        FROM ours JOIN pg_index ON indrelid = ours.oid
        UNION ALL SELECT format('constraint %s %s %s', relname, conname, pg_get_constraintdef(c.oid))
        FROM ours JOIN pg_constraint c ON conrelid = ours.oid
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid)
        FROM ours JOIN pg_trigger t ON tgrelid = ours.oid AND NOT tgisinternal
    )
    SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') AS everything FROM lines";

async fn everything(db: &DatabaseConnection) -> Result<String> {
    let statement = Statement::from_string(db.get_database_backend(), EVERYTHING);
    let row = db.query_one_raw(statement).await?.context("no row")?;
    Ok(row.try_get("", "everything")?)
}

#[tokio::test]
async fn every_migration_round_trips() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let migrate =
        async |action, target| run(&database, "test", Kind::Migration, action, target).await;
    let one = || Target::Steps(NonZeroU32::MIN);
    let migrated = everything(db).await?;
    let total = migrate(Action::Down, Target::All).await?.done.len();

    for _ in 0..total {
        let before = everything(db).await?;
        let report = migrate(Action::Up, one()).await?;
        let name = &report.done.first().context("nothing was applied")?.name;
        migrate(Action::Down, one()).await?;
        assert_eq!(
            everything(db).await?,
            before,
            "`down` of {name} is not the inverse of its `up`"
        );
        migrate(Action::Up, one()).await?;
    }

    assert_eq!(everything(db).await?, migrated);
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

    run(&database, "test", Kind::Migration, Action::Down, Target::All).await?;

    db.execute_unprepared("INSERT INTO other.things (name) VALUES ('theirs too')").await?;
    run(&database, "test", Kind::Migration, Action::Up, Target::All).await?;
    assert!(everything(db).await?.contains("extension uuid-ossp"));
    Ok(())
}
