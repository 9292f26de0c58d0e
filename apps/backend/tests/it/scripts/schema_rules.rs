//! Tests of the rules of the schema, checked in the catalog. A table that a migration adds must follow the rules too.
//! If it does not, the message of the test has the line to add.

use anyhow::Result;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use seedbed_testdb::TestDatabase;

/// The query for the tables of the application, without the history and the log of the migrator.
const TABLES: &str = "
    SELECT oid, relname AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
    AND relname NOT LIKE 'seaql\\_%' AND relname NOT LIKE 'seedbed\\_%'";

/// Returns the violations that a query over `tables` finds, from its column `fault`.
async fn faults(query: &str) -> Result<String> {
    let database = TestDatabase::new(&rds::project()).await;
    let db = database.connection();
    let sql = format!("WITH tables AS ({TABLES}) {query}");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let fault = |row: &QueryResult| row.try_get::<String>("", "fault");
    let faults = rows.iter().map(fault).collect::<Result<Vec<_>, DbErr>>()?;
    Ok(faults.join("\n"))
}

#[tokio::test]
async fn every_table_has_an_id_that_the_database_generates() -> Result<()> {
    let faults = faults(
        "SELECT name || ' has no: .col(id())' AS fault FROM tables t WHERE NOT EXISTS (
            SELECT FROM information_schema.columns c
            WHERE c.table_schema = current_schema() AND c.table_name = t.name
            AND (column_name, data_type, is_nullable) = ('id', 'uuid', 'NO')
            AND column_default = 'uuid_generate_v4()')
        ORDER BY 1",
    )
    .await?;
    assert!(faults.is_empty(), "\n{faults}");
    Ok(())
}

#[tokio::test]
async fn every_table_has_created_at_and_updated_at() -> Result<()> {
    let faults = faults(
        "SELECT format('%s has no: .col(%s())', name, wanted) AS fault
        FROM tables t, unnest(ARRAY['created_at', 'updated_at']) wanted WHERE NOT EXISTS (
            SELECT FROM information_schema.columns c
            WHERE c.table_schema = current_schema() AND c.table_name = t.name
            AND (column_name, data_type, is_nullable) = (wanted, 'timestamp with time zone', 'NO')
            AND column_default = 'now()')
        ORDER BY 1",
    )
    .await?;
    assert!(faults.is_empty(), "\n{faults}");
    Ok(())
}

#[tokio::test]
async fn a_trigger_maintains_updated_at_of_every_table() -> Result<()> {
    let faults = faults(
        "SELECT format($$%s has no: schema.execute(\"SELECT keep_updated_at('%s')\").await?;$$,
            name, name) AS fault
        FROM tables t WHERE NOT EXISTS (
            SELECT FROM pg_trigger
            WHERE tgrelid = t.oid AND tgfoid = 'set_updated_at'::regproc AND tgenabled = 'O')
        ORDER BY 1",
    )
    .await?;
    assert!(faults.is_empty(), "\n{faults}");
    Ok(())
}

#[tokio::test]
async fn every_foreign_key_says_what_happens_on_delete() -> Result<()> {
    // NO ACTION is the default of PostgreSQL.
    let faults = faults(
        "SELECT format('%s of %s has no: .on_delete(ForeignKeyAction::…)', conname, name) AS fault
        FROM tables t JOIN pg_constraint ON conrelid = t.oid
        WHERE contype = 'f' AND confdeltype = 'a' ORDER BY 1",
    )
    .await?;
    assert!(faults.is_empty(), "\n{faults}");
    Ok(())
}

#[tokio::test]
async fn every_foreign_key_has_an_index() -> Result<()> {
    // The index must begin with the columns of the key. Without it, a delete in the referenced table scans this one.
    let faults = faults(
        "SELECT format('%s has no: schema.add_index(index(\"%s\", [\"%s\"])).await?;', t.name, t.name, (
            SELECT string_agg(attname, '\", \"' ORDER BY place)
            FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute ON attrelid = t.oid AND attnum = number)) AS fault
        FROM tables t JOIN pg_constraint ON conrelid = t.oid
        WHERE contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index
            WHERE indrelid = t.oid AND indisvalid AND indpred IS NULL
            AND (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey)
        ORDER BY 1",
    )
    .await?;
    assert!(faults.is_empty(), "\n{faults}");
    Ok(())
}
