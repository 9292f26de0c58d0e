//! Tests that a history that another session has locked is retried like a table of a script, and names that session.

use sea_orm::{DatabaseTransaction, TransactionTrait as _};
use seedbed_testdb::TestDatabase;
use test_support::snapshot;

use test_fixture::{DatabaseSnapshot, Fixture, Gate, execute, run_each, sql, text};

/// The options with which a command retries until the test lets it through, and with which it finds the blocker even on
/// a busy machine: within the lock timeout, it connects and looks three times.
const UNTIL_FREE: [&str; 2] = ["--lock-timeout=2s", "--lock-retry-for=1h"];

/// The options with which a command gives up after its first attempt.
const GIVES_UP: [&str; 2] = ["--lock-timeout=2s", "--lock-retry-for=1s"];

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";

/// Returns a transaction that has executed the statement and does not end, and its process id.
async fn hold(db: &TestDatabase, statement: &str) -> (DatabaseTransaction, String) {
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "SET LOCAL application_name = 'maintenance'").await;
    let pid = text(&transaction, "SELECT pg_backend_pid()::text").await;
    execute(&transaction, statement).await;
    (transaction, pid)
}

/// Runs the command while the statement holds its locks: once with an error that matches the snapshot, and once until the
/// locks are free.
async fn expect_retries(db: &TestDatabase, fixture: &Fixture, command: &[&str], statement: &str) {
    let (transaction, pid) = hold(db, statement).await;
    let snapshot = snapshot!(format!("{}_while_locked", command[0].replace('-', "_")));
    let refused = fixture.run([command, &GIVES_UP].concat()).await.exited_with(1);
    refused.error_matches(snapshot.replacing(&format!("pid {pid} "), "pid [maintenance] "));
    let runner = fixture.start([command, &UNTIL_FREE].concat());
    let line = format!(
        "warning: the history did not get its lock in time, blocked by pid {pid} (maintenance), connected from "
    );
    runner.wait_for_stderr(&line).await;
    transaction.rollback().await.expect("the transaction ends");
    runner.wait_with_output().await.succeeded().output_lacks(["error"]);
}

fn two_scripts(db: &TestDatabase) -> Fixture {
    let create = |name| format!("CREATE TABLE {name} (id int)");
    let scripts = [
        sql(FIRST, [create("first").as_str()]).down(["DROP TABLE first"]),
        sql(SECOND, [create("second").as_str()]).down(["DROP TABLE second"]),
    ];
    Fixture::with_scripts(db.url(), scripts)
}

const LOCK: &str = "LOCK TABLE seaql_migrations IN ACCESS EXCLUSIVE MODE";

#[tokio::test]
async fn reading_a_locked_history_is_retried_and_names_the_blocker() {
    run_each(["migrate-up", "migrate-status"], async |command| {
        let db = TestDatabase::empty().await;
        let fixture = two_scripts(&db);
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        expect_retries(&db, &fixture, &[command], LOCK).await;
    })
    .await;
}

#[tokio::test]
async fn creating_the_tables_of_the_history_is_retried_and_names_the_blocker() {
    let db = TestDatabase::empty().await;
    let fixture = two_scripts(&db);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    // An earlier version created the log without this column.
    execute(db.connection(), "ALTER TABLE seedbed_log DROP COLUMN details").await;
    expect_retries(&db, &fixture, &["migrate-redo"], "SELECT FROM seedbed_log").await;
}

#[tokio::test]
async fn correcting_a_locked_history_is_retried_and_names_the_blocker() {
    let db = TestDatabase::empty().await;
    let fixture = two_scripts(&db);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let repair = ["migrate-repair", "--applied", SECOND];
    // Other sessions can read, but no row can be inserted.
    let lock = "LOCK TABLE seaql_migrations IN SHARE MODE";
    expect_retries(&db, &fixture, &repair, lock).await;
    fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["2 applied\n"]);
}

#[tokio::test]
async fn recording_a_script_in_a_locked_history_is_retried() {
    let expected = DatabaseSnapshot::undisturbed("alters_alone", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("alters_alone", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let (transaction, _) =
        hold(&db, "LOCK TABLE seedbed_log, seaql_migrations IN SHARE MODE").await;
    let runner = fixture.start(["migrate-up", "--lock-timeout", "100ms", "--lock-retry-for=1h"]);
    runner.wait_for_stderr("did not get its lock in time").await;
    transaction.rollback().await.expect("the transaction ends");
    runner.wait_with_output().await.succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

/// The statements that wait at gate 1 for as long as it is closed.
const PASS_GATE: [&str; 3] =
    ["SET lock_timeout = 0", "SELECT pg_advisory_xact_lock_shared(1)", "SET lock_timeout = '2s'"];

#[tokio::test]
async fn logging_a_concurrent_statement_in_a_locked_log_is_retried() {
    let db = TestDatabase::empty().await;
    let index = "CREATE INDEX CONCURRENTLY first_id ON first (id)";
    let scripts = [
        sql(FIRST, ["CREATE TABLE first (id int)"]),
        sql(SECOND, [&PASS_GATE[..], &[index]].concat()).no_transaction(),
    ];
    let fixture = Fixture::with_scripts(db.url(), scripts);
    let gate = Gate::close(db.connection(), 1).await;
    let runner = fixture.start([&["migrate-up"], &UNTIL_FREE[..]].concat());
    gate.reached(db.connection()).await;
    let (transaction, pid) = hold(&db, "LOCK TABLE seedbed_log IN SHARE MODE").await;
    gate.open().await;
    let line = format!("{SECOND} did not get its lock in time, blocked by pid {pid} (maintenance)");
    runner.wait_for_stderr(&line).await;
    transaction.rollback().await.expect("the transaction ends");
    runner.wait_with_output().await.succeeded().output_lacks(["error"]);
}

#[tokio::test]
async fn reading_the_tables_of_the_seeds_from_a_locked_history_is_retried() {
    let db = TestDatabase::empty().await;
    let scripts = [
        sql(FIRST, ["CREATE TABLE first (id int)"]).down(["DROP TABLE first"]),
        sql(SECOND, ["SELECT 1"]).down(PASS_GATE),
        sql("m20250101_000003_rows", ["INSERT INTO first VALUES (1)"]).seed(),
    ];
    let fixture = Fixture::with_scripts(db.url(), scripts);
    fixture.run(["fresh-start"]).await.succeeded();
    let gate = Gate::close(db.connection(), 1).await;
    let runner = fixture.start([&["migrate-down", "--all"], &UNTIL_FREE[..]].concat());
    gate.reached(db.connection()).await;
    let (transaction, pid) = hold(&db, "LOCK TABLE seaql_seeds IN ACCESS EXCLUSIVE MODE").await;
    gate.open().await;
    let line = format!("{FIRST} did not get its lock in time, blocked by pid {pid} (maintenance)");
    runner.wait_for_stderr(&line).await;
    transaction.rollback().await.expect("the transaction ends");
    let run = runner.wait_with_output().await.succeeded();
    run.stderr_contains(["is pending again"]).output_lacks(["error"]);
}
