//! Tests what differs for a script in a temporary database, and scripts about objects that belong to the whole server.

use seedbed_engine::{DatabaseLifetime, SessionOptions, Url};
use seedbed_testdb::TestDatabase;
use test_fixture::{Fixture, connect, sql, text, texts};
use test_support::TestServer;

use crate::schema::{Unit, up_with};

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";

/// The block that the hint suggests.
const BLOCK: &str = "DO $do$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_reader') THEN
      CREATE ROLE shop_reader NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another session was faster
  END $do$;";

#[tokio::test]
async fn a_role_that_exists_is_reported_with_the_block_that_creates_it_once() {
    let server = TestServer::start("");
    let url = server.url("shop");
    let grant = "CREATE TABLE t (id int); GRANT SELECT ON t TO shop_reader";
    let fixture =
        Fixture::with_scripts(&url, [sql(FIRST, ["CREATE ROLE shop_reader NOLOGIN", grant])]);
    fixture.run(["fresh-start"]).await.succeeded();
    let hint = [
        "role \"shop_reader\" already exists (42710)",
        "hint: create the role only if it is missing, because a role belongs to the server",
        BLOCK,
    ];
    // `schema` applies the migrations to a temporary database, and `db-reset` recreates the database itself. In both, the
    // role already exists.
    let schema = fixture.run(["schema", "migrations"]).await.exited_with(1).stderr_contains(hint);
    schema.stderr_contains(["the script ran in a temporary database"]);
    let reset = fixture.run(["db-reset", "--yes"]).await.exited_with(1).stderr_contains(hint);
    reset.output_lacks(["temporary database;"]);

    let corrected = Fixture::with_scripts(&url, [sql(FIRST, [BLOCK, grant])]);
    for _ in 0..2 {
        corrected.run(["db-reset", "--yes"]).await.succeeded();
        corrected
            .run(["schema", "migrations"])
            .await
            .succeeded()
            .stdout_contains(["TO shop_reader"]);
    }
    corrected.run(["fresh-start"]).await.succeeded();
    let seaorm = Fixture::with_scripts(
        &server.url("other"),
        [sql(FIRST, ["CREATE ROLE shop_reader"]).sea_orm()],
    );
    seaorm
        .run(["fresh-start"])
        .await
        .exited_with(1)
        .stderr_contains(["hint: create the role only if it is missing"]);
}

#[tokio::test]
async fn a_statement_that_names_another_database_changes_it_only_from_that_database() {
    let server = TestServer::start("");
    let url = server.url("shop");
    let change = "CREATE TABLE t (id int); ALTER DATABASE shop SET timezone = 'Asia/Tokyo'; \
                  CREATE TABLE u (id int)";
    let single_statement = "ALTER ROLE CURRENT_USER IN DATABASE shop SET work_mem = '5MB'";
    let fixture = Fixture::with_scripts(
        &url,
        [sql(FIRST, ["SELECT 1"]), sql(SECOND, [change, single_statement])],
    );
    let first = Fixture::with_scripts(&url, [sql(FIRST, ["SELECT 1"])]);
    first.run(["fresh-start"]).await.succeeded();

    let connection = connect(&url).await;
    let settings = "SELECT unnest(setconfig) FROM pg_db_role_setting ORDER BY 1";
    let schema = fixture.run(["schema", "migrations"]).await.succeeded();
    assert_eq!(texts(&connection, settings).await, [""; 0]);
    schema
        .stderr_contains([
            &format!("warning: {SECOND}: a statement that changes the database `shop` was skipped"),
            "ALTER DATABASE shop SET timezone = 'Asia/Tokyo'\n",
            "DO $do$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Tokyo''', current_database()); END $do$;",
            "format('ALTER ROLE CURRENT_USER IN DATABASE %I SET work_mem = ''5MB''', current_database())",
        ])
        .stdout_contains(["CREATE TABLE public.t (", "CREATE TABLE public.u ("]);

    // In the database itself, both statements are executed unchanged.
    fixture.run(["migrate-up"]).await.succeeded().output_lacks(["skipped"]);
    assert_eq!(texts(&connection, settings).await, ["TimeZone=Asia/Tokyo", "work_mem=5MB"]);
}

#[tokio::test]
async fn a_failure_in_a_temporary_database_names_the_function_that_detects_one() {
    let db = TestDatabase::empty().await;
    let fails = sql(FIRST, ["SELECT 1 / 0"]);
    let fixture = Fixture::with_scripts(db.url(), [fails.clone()]);
    let question = "the script ran in a temporary database; a script asks ";
    fixture.run(["schema", "migrations"]).await.exited_with(1).stderr_contains([question]);
    fixture.run(["migrate-up"]).await.exited_with(1).output_lacks(["temporary database"]);
    Fixture::with_scripts(db.url(), [fails.sea_orm()])
        .run(["schema", "migrations"])
        .await
        .exited_with(1)
        .stderr_contains([
            question,
            "`current_setting('seedbed.temporary_database', true) = 'on'` whether",
        ]);
}

#[tokio::test]
async fn an_extension_of_one_database_is_to_be_skipped_in_a_temporary_database() {
    let db = TestDatabase::empty().await;
    // The script of `pg_cron` raises this.
    let refused = "DO $$ BEGIN RAISE EXCEPTION 'can only create extension in database shop' \
                   USING HINT = 'Add cron.database_name = ''x'' in postgresql.conf'; END $$";
    let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, [refused])]);
    let skip = "hint: skip the extension, and everything that uses it, if `";
    fixture
        .run(["schema", "migrations"])
        .await
        .exited_with(1)
        .stderr_contains(["can only create extension in database shop (P0001)", skip]);
    fixture
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_contains(["hint: Add cron.database_name = 'x' in postgresql.conf"]);
}

/// Applies a script that records, in Rust and in SQL, whether its database is temporary. Returns both answers.
async fn answers_of_script(lifetime: DatabaseLifetime) -> Vec<String> {
    let db = TestDatabase::empty().await;
    let options =
        SessionOptions { lifetime, ..SessionOptions::new(Url::parse(db.url()).expect("a URL")) };
    let applied = up_with(&db, options, Unit::Script, |schema| {
        Box::pin(async move {
            let answer = schema.is_temporary_database();
            let by_sql = "coalesce(current_setting('seedbed.temporary_database', true), 'unset')";
            schema
                .execute(format!(
                    "CREATE TABLE answers AS SELECT {answer}::text AS verb, {by_sql} AS sql"
                ))
                .await
        })
    });
    applied.await.expect("the script succeeds");
    texts(db.connection(), "SELECT unnest(ARRAY[verb, sql]) FROM answers").await
}

#[tokio::test]
async fn a_script_can_ask_whether_its_database_is_temporary() {
    assert_eq!(answers_of_script(DatabaseLifetime::Permanent).await, ["false", "unset"]);
    for lifetime in [DatabaseLifetime::Tests, DatabaseLifetime::Command] {
        assert_eq!(answers_of_script(lifetime).await, ["true", "on"]);
    }
    let db = TestDatabase::empty().await;
    let only = "DO $$ BEGIN IF current_setting('seedbed.temporary_database', true) = 'on' \
                THEN CREATE TABLE temporary (); END IF; END $$";
    let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, ["RESET ALL", only])]);
    fixture
        .run(["schema", "migrations"])
        .await
        .succeeded()
        .stdout_contains(["TABLE public.temporary"]);
    fixture.run(["migrate-up"]).await.succeeded();
    let tables = "SELECT count(*)::text FROM pg_tables WHERE tablename = 'temporary'";
    assert_eq!(text(db.connection(), tables).await, "0");
}
