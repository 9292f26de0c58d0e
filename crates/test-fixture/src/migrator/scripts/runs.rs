//! The functions of scripts that wait, take long, or do what a script must not do.

pub(crate) mod sea_orm;

use std::time::Duration;

use seedbed::prelude::*;

use super::{create_own_table, insert_own_row};

const ROWS: &str = "m20250101_000001_rows";

/// Waits for a gate that a test holds closed.
async fn pass(schema: &Schema<'_>, gate: u32) -> Result {
    schema.execute(format!("SELECT pg_advisory_xact_lock_shared({gate})")).await
}

async fn insert_into_own(schema: &Schema<'_>, name: &str) -> Result {
    schema.bulk_insert(schema.name().as_str(), ["name"], vec![[name.into()]]).await?;
    Ok(())
}

pub(crate) async fn pass_gate_1(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    insert_into_own(schema, "before the gate").await?;
    pass(schema, 1).await?;
    insert_into_own(schema, "behind the gate").await
}

pub(crate) async fn pass_gate_1_repeatably(schema: &Schema<'_>) -> Result {
    if !schema.has_table(schema.name().as_str()).await? {
        create_own_table(schema).await?;
    }
    pass(schema, 1).await?;
    let sql =
        format!("TRUNCATE {0}; INSERT INTO {0} (name) VALUES ('behind the gate')", schema.name());
    schema.execute(sql).await
}

pub(crate) async fn insert_and_pass_gate_2(schema: &Schema<'_>) -> Result {
    insert_own_row(schema).await?;
    pass(schema, 2).await
}

pub(crate) async fn index_concurrently(schema: &Schema<'_>) -> Result {
    schema.add_index(index(ROWS, ["name", "id"]).concurrently()).await
}

pub(crate) async fn unique_index_concurrently(schema: &Schema<'_>) -> Result {
    schema
        .add_index(index(ROWS, ["name", "id"]).name("rows_name_key").unique().concurrently())
        .await
}

pub(crate) async fn index_that_existed_before(schema: &Schema<'_>) -> Result {
    // `create_own_table` of the first script has created an index with the same name.
    schema.add_index(index(ROWS, ["name"]).concurrently()).await
}

const ALTER: &str = "ALTER TABLE m20250101_000001_rows ADD COLUMN note text";

pub(crate) async fn alter_rows(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    schema.execute(ALTER).await
}

pub(crate) async fn alter_rows_alone(schema: &Schema<'_>) -> Result {
    // Without a transaction, only the second statement is retried if it does not get its lock. If the first one ran again,
    // it would fail.
    create_own_table(schema).await?;
    schema.execute(ALTER).await
}

pub(crate) async fn alter_rows_by_hand(schema: &Schema<'_>) -> Result {
    schema.execute("BEGIN").await?;
    schema.execute(ALTER).await?;
    schema.execute("COMMIT").await
}

pub(crate) async fn sleep_in_the_database(schema: &Schema<'_>) -> Result {
    if !schema.has_table(schema.name().as_str()).await? {
        create_own_table(schema).await?;
    }
    let slept = schema.execute("SELECT pg_sleep(600)").await;
    // This output shows a test how the statement ended. There is no output if the session is terminated.
    slept.inspect_err(|error| eprintln!("the script: {error:#}"))
}

pub(crate) async fn sleep_again_and_again(schema: &Schema<'_>) -> Result {
    loop {
        // The script ignores every error and continues.
        let _ = schema.execute("SELECT pg_sleep(600)").await;
    }
}

pub(crate) async fn wait_outside_forever(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    std::future::pending().await
}

pub(crate) async fn block_the_thread(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    std::thread::sleep(Duration::from_secs(600));
    Ok(())
}

/// Writes the settings that the script finds in its session into the table of the script. Compares the current role with the
/// role of the session instead of naming it, because its name differs between servers.
pub(crate) async fn note_settings(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    let sql = format!(
        "INSERT INTO {} (name) SELECT format('%s = %s', name, value) FROM (VALUES \
         ('search_path', current_setting('search_path')), \
         ('idle_session_timeout', current_setting('idle_session_timeout')), \
         ('schema', current_schema()), ('user', (current_user = session_user)::text), \
         ('role', current_setting('role')), \
         ('lock_timeout', current_setting('lock_timeout')), \
         ('statement_timeout', current_setting('statement_timeout')), \
         ('client_connection_check_interval', current_setting('client_connection_check_interval')), \
         ('idle_in_transaction_session_timeout', current_setting('idle_in_transaction_session_timeout')), \
         ('client_encoding', current_setting('client_encoding')), \
         ('datestyle', current_setting('datestyle')), ('timezone', current_setting('timezone')), \
         ('standard_conforming_strings', current_setting('standard_conforming_strings')), \
         ('check_function_bodies', current_setting('check_function_bodies')), \
         ('read_only', current_setting('default_transaction_read_only')), \
         ('custom', current_setting('seedbed.custom', true))) s (name, value)",
        schema.name()
    );
    schema.execute(sql).await
}

/// The statements that change the settings and the role of the session.
const CHANGES: &str = "\
    CREATE SCHEMA IF NOT EXISTS elsewhere; SET search_path = elsewhere; SET lock_timeout = '7s'; \
    SET statement_timeout = '77s'; SET standard_conforming_strings = off; \
    SET check_function_bodies = off; SET client_encoding = 'LATIN1'; SET datestyle = 'German'; \
    SET timezone = 'Asia/Tokyo'; SET seedbed.custom = 'left behind'; \
    SET client_connection_check_interval = 0; \
    GRANT ALL ON SCHEMA elsewhere TO pg_monitor; SET ROLE pg_monitor";

pub(crate) async fn change_settings(schema: &Schema<'_>) -> Result {
    schema.execute(CHANGES).await?;
    // The search path decides that this table is in the schema `elsewhere`.
    let table = format!("CREATE TABLE {} (name text)", schema.name());
    schema.execute(table).await?;
    // This setting does not apply to the current transaction, but to the next one.
    schema.execute("SET default_transaction_read_only = on").await
}

pub(crate) async fn commit_by_hand(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    schema.execute("COMMIT").await
}

pub(crate) async fn commit_and_begin(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    schema.execute("COMMIT; BEGIN").await
}

pub(crate) async fn roll_back_by_hand(schema: &Schema<'_>) -> Result {
    schema.execute("ROLLBACK").await?;
    create_own_table(schema).await
}

pub(crate) async fn begin_and_leave(schema: &Schema<'_>) -> Result {
    schema.execute("BEGIN").await?;
    create_own_table(schema).await
}

pub(crate) async fn free_all_locks(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    schema.execute("SELECT pg_advisory_unlock_all()").await?;
    pass(schema, 1).await
}

pub(crate) async fn panic_half_way(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    let rows: Vec<u32> = Vec::new();
    Err(anyhow!("the first of no rows is {}", rows[schema.name().as_str().len()]))
}

pub(crate) async fn misspell_half_way(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    let sql = format!("INSERT INTO {} (name)\n  SELECT nam FROM {ROWS}", schema.name());
    schema.execute(sql).await
}

pub(crate) async fn add_enum_value(schema: &Schema<'_>) -> Result {
    schema.add_enum_value("mood", "calm").await
}

pub(crate) async fn use_enum_value(schema: &Schema<'_>) -> Result {
    create_own_table(schema).await?;
    let sql = format!("INSERT INTO {} (name) SELECT 'calm'::mood::text", schema.name());
    schema.execute(sql).await
}

pub(crate) async fn insert_deferred(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE TABLE parents (id int PRIMARY KEY); \
             CREATE TABLE children (name text, \
               parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED); \
             INSERT INTO children VALUES ('first', 1); INSERT INTO parents VALUES (1)",
        )
        .await
}

pub(crate) async fn alter_deferred(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE children ADD COLUMN age int").await
}

pub(crate) async fn violate_deferred(schema: &Schema<'_>) -> Result {
    insert_deferred(schema).await?;
    schema.execute("INSERT INTO children VALUES ('orphan', 2)").await
}

pub(crate) async fn create_fifty_tables(schema: &Schema<'_>) -> Result {
    let table = |n| format!("CREATE TABLE {}_{n} (id int PRIMARY KEY)", schema.name());
    schema.execute((0..50).map(table).collect::<Vec<_>>().join("; ")).await
}

pub(crate) async fn create_schema_of_role(schema: &Schema<'_>) -> Result {
    schema.execute("DO $$ BEGIN EXECUTE format('CREATE SCHEMA %I', current_user); END $$").await
}

/// Creates a trigger that changes the search path of the session whenever a DDL statement ends.
pub(crate) async fn create_event_trigger(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE SCHEMA elsewhere; \
             CREATE FUNCTION leave() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM set_config('search_path', 'elsewhere', false); END $$; \
             CREATE EVENT TRIGGER leaves ON ddl_command_end EXECUTE FUNCTION leave()",
        )
        .await
}

pub(crate) async fn fire_event_trigger(schema: &Schema<'_>) -> Result {
    let table = schema.name().to_string();
    schema.create_table(Table::create().table(table).col(integer("id"))).await
}

pub(crate) async fn swallow_an_error(schema: &Schema<'_>) -> Result {
    let _ = schema.execute("CREATE TABLE swallowed (id nonexistent)").await;
    Ok(())
}

/// Creates two indexes whose names PostgreSQL would truncate to the same name, and checks which of them exist.
pub(crate) async fn ask_about_long_names(schema: &Schema<'_>) -> Result {
    // The two columns have a common prefix, so that the names of their indexes differ only after 63 bytes.
    const TABLE: &str = "organization_membership_invitations";
    let columns = ["organization_id_of_the_inviting_one", "organization_id_of_the_invited_one"];
    let long = "x".repeat(70);
    let table = Table::create().table(TABLE).col(text(columns[0])).col(text(columns[1])).take();
    schema.create_table(&table).await?;
    schema.execute(format!("ALTER TABLE {TABLE} ADD COLUMN \"{long}\" text")).await?;
    schema.execute(format!("CREATE INDEX \"{long}\" ON {TABLE} ({})", columns[0])).await?;
    let indexes = columns.map(|column| index(TABLE, [column]));
    for index in &indexes {
        schema.add_index(index).await?;
        let name = index.get_index_spec().get_name().unwrap_or_default();
        if !schema.has_index(TABLE, name).await? {
            return Err(anyhow!("no index {name}"));
        }
    }
    if !schema.has_column(TABLE, &long).await? {
        return Err(anyhow!("no column"));
    }
    if !schema.has_index(TABLE, &long).await? {
        return Err(anyhow!("no index"));
    }
    Ok(())
}
