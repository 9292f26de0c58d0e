//! Tests runners that are killed by SIGKILL at any moment. Running the same command again leads to the same end state.
//!
//! Only the client is killed. Its session in the server goes on until its statement ends, and keeps the lock until
//! then. The next run waits for this session and names it.

use sea_orm::{DatabaseConnection, TransactionTrait as _};
use seedbed_testdb::TestDatabase;

use test_fixture::{
    DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, RunningProcess, execute, text, wait_until,
};
use test_support::snapshot;

/// The state of the database at the start: empty, or with the first migration applied.
#[derive(Debug, Clone, Copy)]
enum InitialState {
    Empty,
    FirstApplied,
}

impl InitialState {
    async fn prepare(self, fixture: &Fixture) {
        if let Self::FirstApplied = self {
            fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        }
    }
}

/// Returns the process id of the session that holds the runner lock.
async fn holder(connection: &DatabaseConnection) -> String {
    let sql = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND granted \
               AND objsubid = 1 AND mode = 'ExclusiveLock' AND classid <> 0 \
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    text(connection, sql).await
}

/// Kills the runner that waits at the gate, and starts the same command again. Opens the gate once the new runner waits
/// for the session of the killed one.
async fn kill_and_resume_at_gate(
    project: &str,
    state: InitialState,
    gate: i32,
    command: &str,
) -> TestDatabase {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new(project, db.url());
    state.prepare(&fixture).await;
    if command == "seed-up" {
        fixture.run(["migrate-up"]).await.succeeded();
    }
    let gate = Gate::close(db.connection(), gate).await;
    let first = fixture.start([command, LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    let orphan = holder(db.connection()).await;
    first.kill().await;

    let second = fixture.start([command, LONG_LOCK_TIMEOUT]);
    second
        .wait_for_stderr(&format!("waiting for another runner: pid {orphan} (seedbed {command})"))
        .await;
    gate.open().await;
    second.wait_with_output().await.succeeded();
    fixture.run([command]).await.succeeded().stdout_contains(["nothing to do"]);
    db
}

#[tokio::test]
async fn a_runner_killed_inside_a_script_leaves_nothing_half_done() {
    let expected = DatabaseSnapshot::undisturbed("gates", ["migrate-up"]).await;
    for state in [InitialState::Empty, InitialState::FirstApplied] {
        let db = kill_and_resume_at_gate("gates", state, 1, "migrate-up").await;
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{state:?}");
    }
}

#[tokio::test]
async fn a_runner_killed_inside_a_seed_leaves_nothing_half_done() {
    let expected = DatabaseSnapshot::undisturbed("gates", ["migrate-up", "seed-up"]).await;
    let db = kill_and_resume_at_gate("gates", InitialState::Empty, 2, "seed-up").await;
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn a_runner_killed_inside_a_script_without_a_transaction_starts_it_again() {
    let expected = DatabaseSnapshot::undisturbed("gates_alone", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("gates_alone", db.url());
    let gate = Gate::close(db.connection(), 1).await;
    let first = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    first.kill().await;
    let status = fixture.run(["migrate-status", "--json"]).await.succeeded().json();
    assert_eq!(status["scripts"][1]["state"], "interrupted", "{status}");

    let second = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    second.wait_for_stderr("waiting for another runner").await;
    gate.open().await;
    let second = second.wait_with_output().await.succeeded();
    second.without_waits().stderr_matches(snapshot!(
        "a_runner_killed_inside_a_script_without_a_transaction_starts_it_again"
    ));
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
    fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
}

#[tokio::test]
async fn a_runner_killed_between_script_and_history_row_leaves_neither() {
    let expected = DatabaseSnapshot::undisturbed("plain", ["migrate-up"]).await;
    for state in [InitialState::Empty, InitialState::FirstApplied] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new("plain", db.url());
        state.prepare(&fixture).await;
        // A trigger waits at the gate when the first row is about to be written.
        let trigger = "\
            CREATE TABLE IF NOT EXISTS seaql_migrations \
               (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL); \
             CREATE FUNCTION stand() RETURNS trigger LANGUAGE plpgsql AS \
               $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END $$; \
             CREATE TRIGGER stand BEFORE INSERT ON seaql_migrations FOR EACH ROW \
               EXECUTE FUNCTION stand()";
        execute(db.connection(), trigger).await;
        let gate = Gate::close(db.connection(), 1).await;
        let first = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
        gate.reached(db.connection()).await;
        first.kill().await;

        let second = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
        second.wait_for_stderr("waiting for another runner: pid ").await;
        gate.open().await;
        second.wait_with_output().await.succeeded();
        execute(db.connection(), "DROP FUNCTION stand CASCADE").await;
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{state:?}");
    }
}

#[tokio::test]
async fn a_runner_killed_while_it_waits_for_the_lock_disturbs_nobody() {
    let expected = DatabaseSnapshot::undisturbed("gates", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("gates", db.url());
    let gate = Gate::close(db.connection(), 1).await;
    let first = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    let second = fixture.start(["migrate-up"]);
    second.wait_for_stderr("waiting for another runner").await;
    second.kill().await;
    let third = fixture.start(["migrate-up"]);
    third.wait_for_stderr("waiting for another runner").await;
    gate.open().await;
    first.wait_with_output().await.succeeded();
    third.wait_with_output().await.succeeded().stdout_contains(["nothing to do"]);
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn a_runner_killed_just_after_it_acquired_the_lock_leaves_nothing() {
    let expected = DatabaseSnapshot::undisturbed("plain", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain", db.url());
    // The first statement with the lock creates this table, and has to wait for the transaction of the test.
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "CREATE TABLE seaql_migrations (version varchar)").await;
    let first = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    let waits = "EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted \
                 AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))";
    wait_until(db.connection(), waits).await;
    let orphan = holder(db.connection()).await;
    first.kill().await;
    let second = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    second.wait_for_stderr(&format!("waiting for another runner: pid {orphan} ")).await;
    transaction.rollback().await.expect("the transaction ends");
    second.wait_with_output().await.succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

/// Starts a build that waits for a transaction of the test, kills its runner, and starts a second runner. Returns the
/// second runner when it waits for the session of the first one, the transaction, and the pid of that session.
async fn kill_during_index_build(
    db: &TestDatabase,
) -> (RunningProcess, sea_orm::DatabaseTransaction, String) {
    let fixture = Fixture::new("concurrently", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "INSERT INTO m20250101_000001_rows (name) VALUES ('by the test')").await;
    let first = fixture.start(["migrate-up"]);
    let waits = "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE phase ~ '^waiting' \
                 AND datname = current_database())";
    wait_until(db.connection(), waits).await;
    let orphan = holder(db.connection()).await;
    first.kill().await;
    let second = fixture.start(["migrate-up"]);
    second.wait_for_stderr(&format!("waiting for another runner: pid {orphan} ")).await;
    (second, transaction, orphan)
}

/// Returns the state after the same migrations and the same row as in [`kill_during_index_build`], without a kill.
async fn undisturbed_build() -> DatabaseSnapshot {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("concurrently", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    execute(db.connection(), "INSERT INTO m20250101_000001_rows (name) VALUES ('by the test')")
        .await;
    fixture.run(["migrate-up"]).await.succeeded();
    DatabaseSnapshot::read(db.connection()).await
}

#[tokio::test]
async fn an_index_that_a_killed_build_left_invalid_is_rebuilt() {
    let expected = undisturbed_build().await;
    let db = TestDatabase::empty().await;
    let (second, transaction, orphan) = kill_during_index_build(&db).await;
    execute(db.connection(), &format!("SELECT pg_terminate_backend({orphan})")).await;
    second.wait_for_stderr("`m20250101_000002_index` was started before and did not finish").await;
    transaction.commit().await.expect("the transaction ends");
    second
        .wait_with_output()
        .await
        .succeeded()
        .without_waits()
        .stderr_matches(snapshot!("an_index_that_a_killed_build_left_invalid_is_rebuilt"));
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn an_index_finished_after_its_runner_was_killed_is_kept() {
    let expected = undisturbed_build().await;
    let db = TestDatabase::empty().await;
    let (second, transaction, _) = kill_during_index_build(&db).await;
    // The build goes on without its runner, and the finished index is kept.
    let oid = "SELECT 'm20250101_000001_rows_name_id_idx'::regclass::oid::text";
    let building = text(db.connection(), oid).await;
    transaction.commit().await.expect("the transaction ends");
    second
        .wait_with_output()
        .await
        .succeeded()
        .without_waits()
        .stderr_matches(snapshot!("an_index_finished_after_its_runner_was_killed_is_kept"));
    assert_eq!(text(db.connection(), oid).await, building);
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn an_index_that_existed_before_is_not_mistaken_for_the_requested_one() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("index_was_there", db.url());
    let failed = "`up` of `m20250101_000002_index` failed: relation \"m20250101_000001_rows_name_idx\" already exists";
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains([failed]);
    // This simulates a killed runner: the newest entry says only that the script was started.
    execute(db.connection(), "DELETE FROM seedbed_log WHERE result = 'interrupted'").await;
    fixture
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_contains([failed, "was started before"]);
    let valid = "SELECT indisvalid::text FROM pg_index \
                 WHERE indexrelid = 'm20250101_000001_rows_name_idx'::regclass";
    assert_eq!(text(db.connection(), valid).await, "true");
}

#[tokio::test]
async fn an_index_build_that_failed_on_duplicates_succeeds_after_they_are_corrected() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("unique_concurrently", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let twice = "ALTER TABLE m20250101_000001_rows DROP CONSTRAINT m20250101_000001_rows_pkey; \
                 INSERT INTO m20250101_000001_rows (id, name) VALUES (1, 'twice'), (1, 'twice')";
    execute(db.connection(), twice).await;
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_matches(snapshot!(
        "an_index_build_that_failed_on_duplicates_succeeds_after_they_are_corrected"
    ));
    execute(db.connection(), "DELETE FROM m20250101_000001_rows").await;
    fixture
        .run(["migrate-up"])
        .await
        .succeeded()
        .stderr_contains(["dropped the index `public.rows_name_key"]);
    let valid =
        "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'rows_name_key'::regclass";
    assert_eq!(text(db.connection(), valid).await, "true");
}
