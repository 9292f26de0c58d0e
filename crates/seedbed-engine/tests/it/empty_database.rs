//! Tests runs on an empty database: each script is a transaction, as in production, and every reported script is on
//! disk.

use seedbed_testdb::TestDatabase;

use test_fixture::{
    DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, connect, execute, sql, text,
};
use test_support::{TestServer, snapshot};

/// The query for the number of transactions that wrote the history.
const TRANSACTIONS: &str = "SELECT count(DISTINCT xmin::text)::text FROM seaql_migrations";

#[tokio::test]
async fn each_script_has_a_transaction_of_its_own_on_every_database() {
    let db = TestDatabase::empty().await;
    Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), TRANSACTIONS).await, "4");
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TABLE something (id int)").await;
    Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), TRANSACTIONS).await, "4");
}

#[tokio::test]
async fn an_enum_value_that_one_script_adds_may_be_used_by_the_next_one() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TYPE mood AS ENUM ('tense')").await;
    Fixture::new("enum", db.url()).run(["migrate-up"]).await.succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations.len(), 3);
}

#[tokio::test]
async fn more_tables_than_one_transaction_can_lock_are_created_by_several_scripts() {
    // This server has room for a few hundred locks. The default of PostgreSQL is several thousand.
    let server = TestServer::start("max_locks_per_transaction = 10\nmax_connections = 10");
    let fixture = Fixture::new("tables_1000", &server.url("many"));
    fixture.run(["fresh-start"]).await.succeeded().stdout_contains(["20 migrations applied in "]);
    let connection = connect(&server.url("many")).await;
    let tables = "SELECT count(*)::text FROM pg_tables WHERE tablename LIKE 'm2025%'";
    assert_eq!(text(&connection, tables).await, "1000");
}

/// The configuration of a server whose asynchronous commits reach the disk only on request.
const LAZY: &str = "fsync = on\nwal_writer_delay = 10s\nwal_writer_flush_after = 1GB\n\
                    bgwriter_delay = 10s\ncheckpoint_timeout = 1d";

#[tokio::test]
async fn reported_scripts_survive_a_crash_of_the_server() {
    let server = TestServer::start(LAZY);
    let fixture = Fixture::new("plain", &server.url("crashes"));
    fixture.run(["fresh-start"]).await.succeeded();
    server.stop_at_once();
    server.start_again();
    let run = fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    run.stdout_contains(["4 applied"]);
    fixture.run(["seed-status", "--exit-code"]).await.succeeded();
}

#[tokio::test]
async fn a_failed_script_does_not_undo_the_scripts_before_it() {
    let server = TestServer::start(LAZY);
    let fails = [
        sql("m20250101_000001_first", ["CREATE TABLE first (id int)"]),
        sql("m20250101_000002_second", ["SELECT 1 / 0"]),
    ];
    let fixture = Fixture::with_scripts(&server.url("crashes"), fails);
    let run = fixture.run(["fresh-start"]).await.exited_with(1);
    run.stderr_matches(snapshot!("a_failed_script_does_not_undo_the_scripts_before_it"));
    server.stop_at_once();
    server.start_again();
    fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["1 applied, 1 pending"]);
}

#[tokio::test]
async fn commits_that_a_crash_of_the_server_loses_are_not_reported_as_applied() {
    let server = TestServer::start(LAZY);
    let url = server.url("crashes");
    let fixture = Fixture::new("gates", &url);
    let empty_project = Fixture::with_scripts(&url, []);
    empty_project.run(["fresh-start"]).await.succeeded();
    let connection = connect(&url).await;
    let gate = Gate::close(&connection, 1).await;
    let run = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(&connection).await;
    server.stop_at_once();
    server.start_again();
    let run = run.wait_with_output().await.exited_with(1);
    let connection = connect(&url).await;
    let exists = "SELECT (to_regclass('seaql_migrations') IS NOT NULL)::text";
    let applied = "SELECT count(*)::text FROM seaql_migrations";
    let is_lost =
        text(&connection, exists).await == "false" || text(&connection, applied).await == "0";
    // The WAL writer may have written the commit before the crash. The report must be right in both cases.
    if is_lost {
        run.stderr_contains([
            "the server crashed and lost its last commits: `m20250101_000001_rows` is",
        ])
        .output_lacks(["committed before the error"]);
    } else {
        run.stderr_contains(["1 migration applied and committed before the error"]);
    }
    fixture.run(["migrate-up", LONG_LOCK_TIMEOUT]).await.succeeded();
}

#[tokio::test]
async fn a_schema_that_comes_before_that_of_the_history_does_not_hide_it() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("schema_of_role", db.url());
    fixture.run(["fresh-start"]).await.succeeded();
    for command in ["migrate-up", "seed-up"] {
        fixture.run([command]).await.succeeded().stdout_contains(["nothing to do"]);
    }
    let schemas = "SELECT string_agg(DISTINCT schemaname, ' ') FROM pg_tables \
        WHERE tablename IN ('seaql_migrations', 'seaql_seeds', 'seedbed_log')";
    assert_eq!(text(db.connection(), schemas).await, "public");
}

#[tokio::test]
async fn settings_that_an_event_trigger_changes_are_reset_before_the_next_script() {
    let db = TestDatabase::empty().await;
    Fixture::new("event_trigger", db.url()).run(["migrate-up"]).await.succeeded();
    let schema = "SELECT schemaname FROM pg_tables WHERE tablename = 'm20250101_000003_lands'";
    assert_eq!(text(db.connection(), schema).await, "public");
}

#[tokio::test]
async fn a_script_that_ignores_a_statement_error_is_the_one_reported() {
    let db = TestDatabase::empty().await;
    let run = Fixture::new("swallows", db.url()).run(["migrate-up"]).await.exited_with(1);
    run.stderr_matches(snapshot!("a_script_that_ignores_a_statement_error_is_the_one_reported"));
}
