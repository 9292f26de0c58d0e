//! Tests that a script inherits nothing from the session of the script before it.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, InlineScript, execute, sql, text, texts};
use test_support::{assert_snapshot, snapshot};

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";
const THIRD: &str = "m20250101_000003_third";

/// Returns an empty database and one with a table, on which the results must be the same.
async fn both_databases() -> [TestDatabase; 2] {
    let (empty, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    execute(other.connection(), "CREATE TABLE something (id int)").await;
    [empty, other]
}

/// Returns the script in the three ways in which it can run.
fn as_each_kind(script: &InlineScript) -> [InlineScript; 3] {
    [script.clone(), script.clone().no_transaction(), script.clone().sea_orm()]
}

#[tokio::test]
async fn two_scripts_may_use_the_same_name_for_a_temporary_table() {
    let affected = "CREATE TEMP TABLE affected ON COMMIT DROP AS SELECT 1 AS id";
    for db in both_databases().await {
        let scripts = [sql(FIRST, [affected]), sql(SECOND, [affected])];
        Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.succeeded();
    }
}

#[tokio::test]
async fn temporary_tables_and_prepared_statements_are_gone_before_the_next_script() {
    let leaves = ["CREATE TEMP TABLE affected AS SELECT 1 AS id", "PREPARE add AS SELECT 1"];
    for first in as_each_kind(&sql(FIRST, leaves)) {
        for second in as_each_kind(&sql(SECOND, leaves)) {
            let db = TestDatabase::empty().await;
            let scripts = [first.clone(), second];
            Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.succeeded();
        }
    }
}

#[tokio::test]
async fn a_temporary_table_hides_no_table_from_the_next_script() {
    for hides in as_each_kind(&sql(SECOND, ["CREATE TEMP TABLE users AS SELECT 1 AS id"])) {
        for db in both_databases().await {
            let scripts = [
                sql(FIRST, ["CREATE TABLE users (id int)"]),
                hides.clone(),
                sql(THIRD, ["ALTER TABLE users ADD COLUMN email text"]),
            ];
            Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.succeeded();
            let columns = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute \
                           WHERE attrelid = 'public.users'::regclass AND attnum > 0";
            assert_eq!(text(db.connection(), columns).await, "id email");
        }
    }
}

#[tokio::test]
async fn a_deferred_constraint_is_checked_at_the_end_of_its_script() {
    for db in both_databases().await {
        let scripts = [
            sql(
                FIRST,
                [
                    "CREATE TABLE parents (id int PRIMARY KEY)",
                    "CREATE TABLE children (parent int REFERENCES parents DEFERRABLE)",
                    "SET CONSTRAINTS ALL DEFERRED",
                    "INSERT INTO children VALUES (1)",
                ],
            ),
            sql(SECOND, ["INSERT INTO parents VALUES (1)"]),
        ];
        let run = Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.exited_with(1);
        run.stderr_matches(snapshot!("a_deferred_constraint_is_checked_at_the_end_of_its_script"));
    }
}

#[tokio::test]
async fn cursors_listeners_locks_and_the_values_of_sequences_are_gone_before_the_next_script() {
    let leaves = [
        "CREATE SEQUENCE IF NOT EXISTS numbers",
        "SELECT nextval('numbers')",
        "DECLARE kept CURSOR WITH HOLD FOR SELECT 1",
        "LISTEN channel",
        "SELECT pg_advisory_lock(7), pg_advisory_lock(7), pg_advisory_lock_shared(8)",
        "SELECT pg_advisory_lock(7, -8), pg_advisory_lock_shared(-9, 10), pg_advisory_lock(-11)",
        "SET search_path = pg_catalog",
        "SET ROLE pg_monitor",
    ];
    let notes = "\
        CREATE TABLE noted AS SELECT \
          (SELECT count(*) FROM pg_cursors) AS cursors, \
          (SELECT count(*) FROM pg_listening_channels()) AS channels, \
          (SELECT count(*) FROM pg_prepared_statements WHERE from_sql) AS prepared, \
          (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks, \
          current_user = session_user AS same_role, current_setting('search_path') AS path";
    for first in as_each_kind(&sql(FIRST, leaves)) {
        let db = TestDatabase::empty().await;
        // `lastval()` fails if no sequence has returned a value in this session.
        let lastval = "DO $$ BEGIN PERFORM lastval(); RAISE 'there is a value'; \
                       EXCEPTION WHEN object_not_in_prerequisite_state THEN END $$";
        let scripts = [first, sql(SECOND, [notes, lastval])];
        Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.succeeded();
        let noted = texts(db.connection(), "SELECT to_jsonb(noted)::text FROM noted").await;
        // The only lock is the runner lock.
        let expected = "{\"path\": \"\\\"$user\\\", public\", \"locks\": 1, \"cursors\": 0, \
                        \"channels\": 0, \"prepared\": 0, \"same_role\": true}";
        assert_eq!(noted, [expected]);
    }
}

#[tokio::test]
async fn a_script_that_frees_the_runner_lock_fails_before_the_next_script_runs() {
    let mut transcript = String::new();
    for frees in as_each_kind(&sql(SECOND, ["SELECT pg_advisory_unlock_all()"]))
        .into_iter()
        .chain([sql(SECOND, ["DISCARD ALL"]).no_transaction()])
    {
        for db in both_databases().await {
            let scripts = [
                sql(FIRST, ["CREATE TABLE first (id int)"]),
                frees.clone(),
                sql(THIRD, ["CREATE TABLE third (id int)"]),
            ];
            let run =
                Fixture::with_scripts(db.url(), scripts).run(["migrate-up"]).await.exited_with(1);
            transcript += &format!("{run}\n");
            let applied = "SELECT string_agg(version, ' ') FROM seaql_migrations";
            assert_eq!(text(db.connection(), applied).await, FIRST);
            assert_eq!(
                text(db.connection(), "SELECT (to_regclass('third') IS NULL)::text").await,
                "true"
            );
        }
    }
    assert_snapshot!("a_script_that_frees_the_lock_of_the_runner", transcript);
}

#[tokio::test]
async fn a_deferred_trigger_runs_with_the_role_and_the_settings_of_its_script() {
    let server = test_support::TestServer::start("");
    let admin = sea_orm::Database::connect(server.url("postgres")).await.expect("a server");
    execute(&admin, "CREATE ROLE writer").await;
    let tables = sql(
        FIRST,
        [
            "CREATE TABLE lines (id int)",
            "CREATE TABLE audit (tenant text, who text)",
            "GRANT ALL ON lines, audit TO writer",
            "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             INSERT INTO audit VALUES (current_setting('app.tenant', true), current_user); RETURN NULL; END $$",
            "CREATE CONSTRAINT TRIGGER audit AFTER INSERT ON lines DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION audit()",
        ],
    );
    let writes =
        ["SET LOCAL app.tenant = 'acme'", "SET LOCAL ROLE writer", "INSERT INTO lines VALUES (1)"];
    let writes = || sql(SECOND, writes);
    for (name, script) in [("one", writes()), ("two", writes().sea_orm())] {
        let url = server.url(name);
        Fixture::with_scripts(&url, [tables.clone(), script])
            .run(["fresh-start"])
            .await
            .succeeded();
        let database = sea_orm::Database::connect(url).await.expect("the database");
        assert_eq!(text(&database, "SELECT tenant || ' ' || who FROM audit").await, "acme writer");
    }
}
