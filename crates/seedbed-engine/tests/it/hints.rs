//! Tests that hints depend on the contents of the database, and never cost data.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, sql, text};
use test_support::{TestServer, assert_snapshot, snapshot};

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";

#[tokio::test]
async fn the_hint_distinguishes_several_statements_in_one_string_from_a_transaction() {
    let table = sql(FIRST, ["CREATE TABLE t (x int)"]);
    let both = "CREATE INDEX CONCURRENTLY a ON t (x); CREATE INDEX CONCURRENTLY b ON t (x)";
    let one = "CREATE INDEX CONCURRENTLY a ON t (x)";
    for (script, hint) in [
        (sql(SECOND, [both]).no_transaction(), "execute each statement alone"),
        (
            sql(SECOND, ["BEGIN", one]).no_transaction(),
            "outside of the transaction that the script begins",
        ),
        (sql(SECOND, [one]), "add `pub const TRANSACTION: bool = false;` to"),
        (sql(SECOND, [one]).sea_orm(), "add `fn use_transaction(&self)"),
        (sql(SECOND, ["COMMIT"]), "or add `pub const TRANSACTION: bool = false;` to it"),
        (
            sql(SECOND, ["COMMIT"]).sea_orm(),
            "or add `fn use_transaction(&self) -> Option<bool> { Some(false) }` to its migration",
        ),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [table.clone(), script]);
        fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains([hint]);
    }
}

#[tokio::test]
async fn a_script_that_misuses_a_transaction_gets_a_fitting_hint() {
    let isolation = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE";
    let fails = "DO $$ BEGIN RAISE 'no space left' USING ERRCODE = '53100'; END $$";
    let mut transcript = String::new();
    for script in [
        sql(FIRST, [isolation]),
        sql(FIRST, [isolation]).sea_orm(),
        sql(FIRST, ["SET TRANSACTION READ ONLY"]),
        sql(FIRST, ["PREPARE TRANSACTION 'one'"]),
        sql(FIRST, ["BEGIN; CREATE TABLE t ()"]).no_transaction(),
        sql(FIRST, [fails]),
    ] {
        let db = TestDatabase::empty().await;
        let run = Fixture::with_scripts(db.url(), [script]).run(["migrate-up"]).await;
        transcript += &format!("{run}\n");
    }
    assert_snapshot!("a_script_that_misuses_a_transaction", transcript);
}

#[tokio::test]
async fn an_existing_object_is_reported_with_the_script_that_created_it() {
    for create in [
        "CREATE TABLE things (id int)",
        "CREATE VIEW things AS SELECT 1",
        "CREATE TYPE mood AS ENUM ('a')",
    ] {
        let db = TestDatabase::empty().await;
        let scripts = [sql(FIRST, [create]), sql(SECOND, [create])];
        let run = Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.exited_with(1);
        let kind = create.split(' ').nth(1).expect("a kind").to_lowercase();
        run.stderr_matches(snapshot!(format!("a_{kind}_of_another_script_exists")))
            .output_lacks(["db-reset"]);

        let db = TestDatabase::empty().await;
        execute(db.connection(), create).await;
        let run = Fixture::with_scripts(db.url(), [sql(FIRST, [create])])
            .run(["migrate-up"])
            .await
            .exited_with(1);
        run.stderr_matches(snapshot!(format!("a_{kind}_of_no_script_exists")))
            .output_lacks(["db-reset"]);
    }
}

#[tokio::test]
async fn the_hint_about_a_missing_object_names_the_script_with_the_object_in_its_name() {
    const LATER: &str = "m20250101_000003_create_invoices";
    const OTHER: &str = "m20250101_000004_add_number_to_invoices";
    let invoices = || [sql(LATER, ["CREATE TABLE invoices (id int)"]), sql(OTHER, ["SELECT 1"])];
    let mut transcript = String::new();
    for fails in [
        "ALTER TABLE invoices ADD COLUMN n int",
        "CREATE TABLE lines (invoice int REFERENCES invoices (id))",
        "SELECT count(*) FROM invoices",
        "CREATE TABLE lines (invoice invoices)",
        "SELECT invoices(1)",
    ] {
        let db = TestDatabase::empty().await;
        let scripts = [vec![sql(SECOND, [fails])], invoices().to_vec()].concat();
        let run = Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.exited_with(1);
        transcript += &format!("{run}\n");
    }
    assert_snapshot!("an_object_of_a_later_script_is_missing", transcript);
    let db = TestDatabase::empty().await;
    let scripts = [vec![sql(FIRST, ["SELECT 1"])], invoices().to_vec()].concat();
    let last = sql("m20250101_000005_last", ["DROP TABLE invoices"]);
    let fixture = Fixture::with_scripts(db.url(), [scripts, vec![last]].concat());
    let run = fixture.run(["migrate-up", "--name", "m20250101_000005_last"]).await.exited_with(1);
    run.stderr_matches(snapshot!(
        "the_hint_about_a_missing_object_names_the_script_with_the_object_in_its_name"
    ));
    // All scripts with the object in their names are applied, so none of them can be the reason.
    fixture.run(["migrate-up", "--to", OTHER]).await.succeeded();
    execute(db.connection(), "DROP TABLE invoices").await;
    fixture.run(["migrate-up"]).await.exited_with(1).output_lacks(["in its name"]);
}

#[tokio::test]
async fn the_hint_about_a_missing_object_of_a_sea_orm_file_names_the_script_with_the_object_in_its_name()
 {
    const LATER: &str = "m20250101_000003_create_invoices";
    let mut transcript = String::new();
    for fails in [
        "ALTER TABLE invoices ADD COLUMN n int",
        "DROP TABLE public.invoices",
        "CREATE TABLE lines (invoice invoices)",
        "SELECT invoices(1)",
        // The missing object is a role, which the script does not create.
        "GRANT invoices TO current_user",
    ] {
        let db = TestDatabase::empty().await;
        let create = sql(LATER, ["CREATE TABLE invoices (id int)"]).sea_orm();
        let scripts = [sql(SECOND, [fails]).sea_orm(), create];
        let run = Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.exited_with(1);
        transcript += &format!("{fails}\n{run}\n");
    }
    assert_snapshot!("an_object_of_a_later_script_is_missing_in_a_file_of_sea_orm", transcript);
}

#[tokio::test]
async fn an_existing_object_is_reported_with_its_script_for_a_sea_orm_file() {
    let db = TestDatabase::empty().await;
    let create = "CREATE TABLE things (id int)";
    let scripts = [sql(FIRST, [create]), sql(SECOND, [create]).sea_orm()];
    Fixture::with_scripts(db.url(), scripts)
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("a_table_of_another_script_exists_for_a_file_of_sea_orm"));
}

#[tokio::test]
async fn the_hint_about_a_missing_object_is_the_same_in_every_environment() {
    const CREATE: &str = "m20250101_000003_create_invoices";
    const SEED: &str = "m20250101_000011_rows";
    const STAGING: &str = "m20250101_000012_create_totals";
    let scripts = || {
        [
            sql(FIRST, ["SELECT 1"]),
            sql(SECOND, ["SELECT count(*) FROM invoices"]),
            sql(CREATE, ["CREATE TABLE invoices (id int)"]),
            sql(SEED, ["INSERT INTO totals VALUES (1)"]).seed(),
            sql(STAGING, ["CREATE TABLE totals (id int)"]).seed().only_in("staging"),
        ]
    };
    for environment in ["development", "staging", "production"] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), scripts());
        let in_environment =
            async |args: &[&str]| fixture.run([args, &["--env", environment]].concat()).await;
        let run = in_environment(&["migrate-up"]).await.exited_with(1);
        run.error_matches(snapshot!("an_object_of_a_later_script_is_missing_everywhere"));
        in_environment(&["migrate-repair", "--applied", SECOND, "--yes"]).await.succeeded();
        in_environment(&["migrate-up"]).await.succeeded();
        let run = in_environment(&["seed-up"]).await.exited_with(1);
        let is_available = environment == "staging";
        run.error_matches(snapshot!(if is_available {
            "an_object_of_a_later_seed_is_missing_in_staging"
        } else {
            "an_object_of_a_seed_of_staging_is_missing_elsewhere"
        }));
    }
}

#[tokio::test]
async fn the_hint_suggests_db_reset_only_for_a_development_database_of_fresh_start() {
    let server = TestServer::start("");
    for (database, environment, suggests) in
        [("one", "development", true), ("two", "staging", false)]
    {
        let url = server.url(database);
        Fixture::with_scripts(&url, [])
            .run(["fresh-start", "--env", environment])
            .await
            .succeeded();
        let connection = test_fixture::connect(&url).await;
        execute(&connection, "CREATE TABLE things (id int)").await;
        let fixture = Fixture::with_scripts(&url, [sql(FIRST, ["CREATE TABLE things (id int)"])]);
        let run = fixture.run(["migrate-up", "--env", environment]).await.exited_with(1);
        assert_eq!(run.stderr.contains("`migrator db-reset` recreates it"), suggests, "{run}");
    }
}

#[tokio::test]
async fn a_database_with_the_history_of_another_tool_is_not_treated_as_empty() {
    for (table, tool) in [
        ("_sqlx_migrations (version bigint)", "sqlx"),
        ("__diesel_schema_migrations (version varchar)", "diesel"),
        ("schema_migrations (version varchar)", "Rails"),
        ("\"SequelizeMeta\" (name varchar)", "Sequelize"),
        ("flyway_schema_history (installed_rank int)", "Flyway"),
        ("refinery_schema_history (version int)", "refinery"),
        ("_prisma_migrations (id varchar)", "Prisma"),
        ("goose_db_version (id int)", "goose"),
        ("drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL)", "Drizzle"),
        (
            "migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)",
            "TypeORM",
        ),
        ("other_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL)", "SeaORM"),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(
            db.url(),
            [sql(FIRST, ["CREATE TABLE IF NOT EXISTS things (id int)"])],
        );
        let (name, _) = table.split_once(' ').expect("a name");
        execute(db.connection(), &format!("CREATE SCHEMA drizzle; CREATE TABLE {table}")).await;
        // While the history of the other tool is empty, nothing counts as applied.
        fixture.run(["migrate-up", "--dry-run"]).await.succeeded();
        let columns = match tool {
            "SeaORM" => "VALUES ('m1', 1)",
            "Drizzle" => "VALUES (1, 'e3b0c442')",
            "TypeORM" => "VALUES (1, 1700000000000, 'Init1700000000000')",
            _ => "VALUES ('1')",
        };
        execute(db.connection(), &format!("INSERT INTO {name} {columns}")).await;
        for command in ["migrate-up", "fresh-start"] {
            fixture.run([command]).await.exited_with(1).stderr_matches(snapshot!(format!(
                "a_database_with_the_history_of_{}",
                tool.to_lowercase()
            )));
        }
        let nothing = "SELECT (to_regclass('seaql_migrations') IS NULL)::text";
        assert_eq!(text(db.connection(), nothing).await, "true");
        fixture.run(["migrate-up", "--ignore-other-history"]).await.succeeded();
        // From now on, the database has a history of Seedbed.
        fixture.run(["migrate-up"]).await.succeeded();
    }
}

#[tokio::test]
async fn a_table_named_migrations_with_other_columns_is_not_the_history_of_a_tool() {
    let db = TestDatabase::empty().await;
    let table =
        "CREATE TABLE migrations (id serial, name varchar); INSERT INTO migrations VALUES (1, 'a')";
    execute(db.connection(), table).await;
    Fixture::with_scripts(db.url(), [sql(FIRST, ["SELECT 1"])])
        .run(["migrate-up"])
        .await
        .succeeded();
}

#[tokio::test]
async fn a_dropped_object_with_dependents_never_leads_to_a_hint_to_drop_them_too() {
    let create = "CREATE TABLE things (id int)";
    let view = "CREATE VIEW more_things AS SELECT id FROM things";
    for caller in ["migrator", "make", "seedbed"] {
        let db = TestDatabase::empty().await;
        let first = sql(FIRST, [create]).down(["DROP TABLE things"]);
        let second = sql(SECOND, [view]).down(["DROP VIEW more_things"]);
        let mut fixture = Fixture::with_scripts(db.url(), [first, second]);
        if caller != "migrator" {
            fixture = fixture.variable("SEEDBED_CALLED_BY", caller);
        }
        fixture.run(["migrate-up"]).await.succeeded();
        let down = fixture.run(["migrate-down", "--name", FIRST]).await.exited_with(1);
        down.error_matches(snapshot!(format!("a_later_script_depends_on_this_one_by_{caller}")));
        fixture.run(["migrate-down", "--to", FIRST]).await.succeeded();
    }
    let db = TestDatabase::empty().await;
    execute(db.connection(), &format!("{create}; {view}")).await;
    let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, ["DROP TABLE things"])]);
    let up = fixture.run(["migrate-up"]).await.exited_with(1);
    up.error_matches(snapshot!("an_object_of_no_script_depends_on_a_dropped_one"));
    let keys =
        "CREATE TABLE others (id int PRIMARY KEY); CREATE TABLE uses (id int REFERENCES others)";
    let fixture =
        Fixture::with_scripts(db.url(), [sql(FIRST, [keys]), sql(SECOND, ["TRUNCATE others"])]);
    fixture.run(["migrate-up"]).await.exited_with(1).output_lacks(["CASCADE"]);
}

#[tokio::test]
async fn long_index_names_are_shortened_consistently() {
    // The script itself checks that it finds the objects under the shortened names.
    let db = TestDatabase::empty().await;
    Fixture::new("long_names", db.url()).run(["migrate-up"]).await.succeeded();
}

#[tokio::test]
async fn a_hint_fits_what_canceled_or_refused_the_script() {
    let canceled = "DO $$ BEGIN RAISE 'canceled' USING ERRCODE = '57014'; END $$";
    let mut transcript = String::new();
    for flags in [&["migrate-up"][..], &["migrate-up", "--statement-timeout", "1h"]] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, [canceled])]);
        transcript += &format!("{}\n", fixture.run(flags).await.exited_with(1));
    }
    let db = TestDatabase::empty().await;
    let [first, second] = [FIRST, SECOND].map(|name| sql(name, ["SELECT 1"]));
    let fixture = Fixture::with_scripts(db.url(), [first, second]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    execute(db.connection(), "SELECT setval('seedbed_log_id_seq', 1, false)").await;
    transcript += &format!("{}\n", fixture.run(["migrate-up"]).await.exited_with(1));
    execute(
        db.connection(),
        "SELECT setval(pg_get_serial_sequence('public.seedbed_log', 'id'), max(id)) FROM public.seedbed_log",
    )
    .await;
    fixture.run(["migrate-up"]).await.succeeded();

    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE SCHEMA hidden; CREATE TABLE hidden.\"Things\" (id int)").await;
    let scripts = [sql(FIRST, ["SELECT * FROM \"Things\""])];
    let run = Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await;
    transcript += &format!("{}\n", run.exited_with(1));
    assert_snapshot!("a_hint_fits_what_canceled_or_refused_the_script", transcript);
}

#[tokio::test]
async fn an_invalid_index_is_not_suggested_to_be_recorded_as_applied() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TABLE t (x int); CREATE INDEX t_x ON t (x)").await;
    let invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_x'::regclass";
    execute(db.connection(), invalid).await;
    let index = sql(FIRST, ["CREATE INDEX CONCURRENTLY t_x ON t (x)"]).no_transaction();
    let run = Fixture::with_scripts(db.url(), [index]).run(["migrate-up"]).await.exited_with(1);
    assert_snapshot!("an_invalid_index_is_not_suggested_to_be_recorded", run.stderr);
}

#[tokio::test]
async fn the_rows_of_a_restored_dump_name_no_script_as_the_origin() {
    let db = TestDatabase::empty().await;
    let [first, second] = [FIRST, SECOND].map(|name| sql(name, ["SELECT 1"]));
    Fixture::with_scripts(db.url(), [first.clone(), second.clone()])
        .run(["migrate-up"])
        .await
        .succeeded();
    // A restored dump has one transaction for all of its rows.
    let restores =
        "BEGIN; CREATE TABLE things (id int); UPDATE seedbed_log SET checksum = checksum; COMMIT";
    execute(db.connection(), restores).await;
    let third = sql("m20250101_000003_things", ["CREATE TABLE things (id int)"]);
    let run = Fixture::with_scripts(db.url(), [first, second, third]).run(["migrate-up"]).await;
    run.exited_with(1).stderr_contains(["no script of this history created `things`"]);
}
