//! Tests that no other session waits long behind a script that waits for a lock.

use std::collections::BTreeMap;

use sea_orm::{DatabaseTransaction, TransactionTrait as _};
use seedbed_testdb::TestDatabase;
use test_support::{Deadline, snapshot};

use test_fixture::{
    DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, RunningProcess, execute, run_each, sql,
    text, texts, wait_until, within_deadline,
};

/// The option that retries a script until the test lets it through.
const RETRY_FOR_LONG: &str = "--lock-retry-for=1h";

/// The lock timeout with which the migrator finds the blocking session even on a busy machine. Within the timeout, the
/// migrator connects and looks three times.
const LONG_ENOUGH_TO_SEE_BLOCKER: &str = "--lock-timeout=2s";

const ROWS: &str = "m20250101_000001_rows";

/// The projects that alter a table that another session reads: in a transaction, and in a statement without one.
const PROJECTS: [&str; 2] = ["alters", "alters_alone"];

/// Returns a database whose first migration is applied, the fixture, a transaction that reads the table of the migration and
/// does not end, and the process id of its session.
async fn block_table(project: &str) -> (TestDatabase, Fixture, DatabaseTransaction, String) {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new(project, db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let reader = db.connection().begin().await.expect("a transaction");
    execute(&reader, "SET LOCAL application_name = 'slow report'").await;
    let pid = text(&reader, "SELECT pg_backend_pid()::text").await;
    execute(&reader, &format!("SELECT name FROM {ROWS}")).await;
    (db, fixture, reader, pid)
}

/// The query for the current waits for the table: the start of each wait, and its duration in ms.
const WAITS: &str = "\
    SELECT concat(extract(epoch FROM waitstart), ' ', \
      round(extract(epoch FROM clock_timestamp() - waitstart) * 1000)::int) \
    FROM pg_locks WHERE relation = 'm20250101_000001_rows'::regclass AND NOT granted \
    AND mode = 'AccessExclusiveLock' AND waitstart IS NOT NULL";

/// Observes the waits of the runner until it has tried three times, and the reads of another session meanwhile. Returns
/// the longest observed wait in ms.
async fn longest_wait(db: &TestDatabase, runner: &RunningProcess) -> u32 {
    let mut waits: BTreeMap<String, u32> = BTreeMap::new();
    let deadline = Deadline::new();
    while waits.len() < 3 {
        deadline.check(|| format!("it has not tried three times: {waits:?}\n{}", runner.stderr()));
        for wait in texts(db.connection(), WAITS).await {
            let (began, lasts) = wait.split_once(' ').expect("two words");
            waits.insert(began.to_owned(), lasts.parse().expect("a number"));
            // This statement queues behind the runner while the slow report goes on.
            let select = format!("SELECT name FROM {ROWS}");
            within_deadline("a read behind the runner", execute(db.connection(), &select)).await;
        }
    }
    waits.into_values().max().unwrap_or_default()
}

#[tokio::test]
async fn a_script_that_runs_into_a_lock_timeout_is_retried_until_the_lock_is_free() {
    run_each(PROJECTS, async |project| {
        let expected = DatabaseSnapshot::undisturbed(project, ["migrate-up"]).await;
        let (db, fixture, reader, pid) = block_table(project).await;
        let runner = fixture.start(["migrate-up", "--lock-timeout", "200ms", RETRY_FOR_LONG]);
        let longest = longest_wait(&db, &runner).await;
        // The runner does not wait for as long as the default would allow.
        assert!(longest < 5_000, "{project}: it waited for {longest} ms");
        runner
            .wait_for_stderr("m20250101_000002_alter did not get its lock in time, blocked by pid")
            .await;
        reader.commit().await.expect("the transaction ends");
        let output = runner.wait_with_output().await.succeeded().stderr_contains([
            &format!("blocked by pid {pid} (slow report), connected from "),
            &format!(": SELECT name FROM {ROWS}; retrying in "),
        ]);
        output.output_lacks(["error"]);
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{project}");
    })
    .await;
}

#[tokio::test]
async fn a_run_that_cannot_get_a_lock_fails_and_names_the_blocker() {
    run_each(PROJECTS, async |project| {
        let expected = DatabaseSnapshot::undisturbed(project, ["migrate-up"]).await;
        let (db, fixture, reader, pid) = block_table(project).await;
        let runner = fixture
            .run(["migrate-up", LONG_ENOUGH_TO_SEE_BLOCKER, "--lock-retry-for", "1s"])
            .await
            .exited_with(1);
        let snapshot = snapshot!(format!("a_lock_that_is_not_released_ends_the_run_of_{project}"));
        runner.error_matches(snapshot.replacing(&format!("pid {pid} "), "pid [reader] "));
        reader.commit().await.expect("the transaction ends");
        if project == "alters_alone" {
            // The first statement of the script has committed, and it cannot run a second time.
            execute(db.connection(), "DROP TABLE m20250101_000002_alter").await;
        }
        fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{project}");
    })
    .await;
}

#[tokio::test]
async fn a_seaorm_file_without_a_transaction_waits_and_names_the_blocker() {
    let expected = DatabaseSnapshot::undisturbed("alters_as_sea_orm", ["migrate-up"]).await;
    let (db, fixture, reader, pid) = block_table("alters_as_sea_orm").await;
    let runner = fixture.start(["migrate-up", "--lock-timeout=50ms"]);
    runner
        .wait_for_stderr(&format!(
            "m20250101_000002_alter is waiting for pid {pid} (slow report), connected from "
        ))
        .await;
    reader.commit().await.expect("the transaction ends");
    runner.wait_with_output().await.succeeded().output_lacks(["retrying in"]);
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn a_statement_in_a_transaction_that_the_script_began_is_not_tried_again() {
    let expected = DatabaseSnapshot::undisturbed("alters_by_hand", ["migrate-up"]).await;
    let (db, fixture, reader, pid) = block_table("alters_by_hand").await;
    let snapshot =
        snapshot!("a_statement_in_a_transaction_that_the_script_began_is_not_tried_again");
    let run = fixture.run(["migrate-up", LONG_ENOUGH_TO_SEE_BLOCKER]).await.exited_with(1);
    run.error_matches(snapshot.replacing(&format!("pid {pid} "), "pid [reader] "));
    reader.commit().await.expect("the transaction ends");
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn every_script_runs_with_the_timeouts_and_the_connection_check() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("settings_at_once", db.url());
    fixture
        .run(["migrate-up", "--lock-timeout", "3s", "--statement-timeout", "30s"])
        .await
        .succeeded();
    let settings = texts(db.connection(), "SELECT name FROM m20250101_000001_before").await;
    for setting in [
        "lock_timeout = 3s",
        "statement_timeout = 30s",
        "client_connection_check_interval = 10s",
        "idle_in_transaction_session_timeout = 0",
    ] {
        assert!(settings.iter().any(|line| line == setting), "{setting}: {settings:?}");
    }
}

/// The trigger that waits at gate 1 whenever a table is created.
const STOP_AT_GATE: &str = "\
    CREATE FUNCTION stand() RETURNS event_trigger LANGUAGE plpgsql AS \
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); END $$; \
    CREATE EVENT TRIGGER stands ON ddl_command_end WHEN TAG IN ('CREATE TABLE') \
      EXECUTE FUNCTION stand()";

#[tokio::test]
async fn a_deadlock_that_is_resolved_against_the_script_is_tried_again() {
    let expected = DatabaseSnapshot::undisturbed("alters", ["migrate-up"]).await;
    let (db, fixture, reader, pid) = block_table("alters").await;
    execute(db.connection(), STOP_AT_GATE).await;
    let gate = Gate::close(db.connection(), 1).await;
    let runner = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT, RETRY_FOR_LONG]);
    gate.reached(db.connection()).await;
    // The script has created its own table, and the test waits for it by creating a table with the same name. The test
    // looks for a deadlock only after an hour. So the session of the script detects the deadlock, a second after it begins
    // to wait for the test.
    execute(&reader, "SET LOCAL deadlock_timeout = '1h'; SET LOCAL lock_timeout = 0").await;
    let same_table = "CREATE TABLE m20250101_000002_alter (name text)";
    let waits = format!("EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)");
    tokio::join!(execute(&reader, same_table), async {
        wait_until(db.connection(), &waits).await;
        gate.open().await;
    });
    runner.wait_for_stderr("m20250101_000002_alter did not get its lock in time").await;
    reader.rollback().await.expect("the transaction ends");
    runner.wait_with_output().await.succeeded();
    execute(db.connection(), "DROP FUNCTION stand CASCADE").await;
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn a_script_that_has_ended_its_transaction_is_not_retried() {
    let db = TestDatabase::empty().await;
    let tables = sql(
        "m20250101_000001_tables",
        ["CREATE TABLE rows (id int)", "CREATE TABLE busy (id int)"],
    );
    let script = sql(
        "m20250101_000002_ends",
        [
            "ROLLBACK",
            "INSERT INTO rows VALUES (7)",
            "BEGIN",
            "LOCK TABLE busy IN ACCESS EXCLUSIVE MODE NOWAIT",
        ],
    );
    let fixture = Fixture::with_scripts(db.url(), [tables, script]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "SELECT FROM busy").await;
    let run = fixture.run(["migrate-up", RETRY_FOR_LONG]).await.exited_with(1);
    run.stderr_contains(["the changes of the script may remain"]);
    transaction.commit().await.expect("the transaction ends");
    assert_eq!(text(db.connection(), "SELECT count(*)::text FROM rows").await, "1");
}
