//! Tests waiting for the runner lock: which commands wait, how, and for how long.

use std::time::{Duration, Instant};

use sea_orm::TransactionTrait as _;
use seedbed_testdb::TestDatabase;

use test_fixture::{DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, execute, text, wait_until};
use test_support::snapshot;

#[tokio::test]
async fn a_runner_with_nothing_to_do_takes_no_lock() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("gates", db.url());
    fixture.run(["migrate-up"]).await.succeeded();
    let gate = Gate::close(db.connection(), 2).await;
    let seeds = fixture.start(["seed-up", LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    // The run of the seeds holds the lock, which both histories share.
    let nothing = fixture.run(["migrate-up", "--lock-wait", "0"]).await.succeeded();
    nothing.stdout_contains(["nothing to do: no migration is pending"]).output_lacks(["waiting"]);
    fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["applied"]);
    fixture.run(["migrate-down", "--dry-run"]).await.succeeded().stdout_contains(["would revert"]);
    fixture.run(["migrate-down", "--lock-wait", "0"]).await.exited_with(1);
    gate.open().await;
    seeds.wait_with_output().await.succeeded();
}

#[tokio::test]
async fn a_runner_that_stops_waiting_for_the_lock_names_the_session_that_holds_it() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("gates", db.url());
    let gate = Gate::close(db.connection(), 1).await;
    let holder = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    let pid = text(
        db.connection(),
        "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'seedbed migrate-up' \
         AND datname = current_database()",
    )
    .await;
    let started_at = Instant::now();
    let waiter = fixture.run(["fresh-start", "--lock-wait", "1s", "--json"]).await.exited_with(1);
    assert!(started_at.elapsed() >= Duration::from_secs(1), "{:?}", started_at.elapsed());
    let error = format!(
        "another runner still has the lock after 1s: pid {pid} (seedbed migrate-up), connected from"
    );
    let document = waiter.json();
    assert!(
        document["error"].as_str().is_some_and(|message| message.starts_with(&error)),
        "{waiter}"
    );
    let snapshot =
        snapshot!("a_runner_that_stops_waiting_for_the_lock_names_the_session_that_holds_it");
    waiter.stderr_matches(snapshot.replacing(&format!("pid {pid} "), "pid [holder] "));
    gate.open().await;
    holder.wait_with_output().await.succeeded();
}

#[tokio::test]
async fn a_waiting_runner_does_not_deadlock_with_a_concurrent_index_build() {
    let expected = DatabaseSnapshot::undisturbed("concurrently", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("concurrently", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    // The build waits for this transaction, and the other runners start while it waits.
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "LOCK TABLE m20250101_000001_rows IN ROW EXCLUSIVE MODE").await;
    let builder = fixture.start(["migrate-up"]);
    let waits = "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE phase ~ '^waiting' \
                 AND datname = current_database())";
    wait_until(db.connection(), waits).await;
    let waiters = [fixture.start(["migrate-up"]), fixture.start(["migrate-up"])];
    for waiter in &waiters {
        waiter.wait_for_stderr("waiting for another runner").await;
    }
    // The wait is longer than the deadlock timeout of PostgreSQL.
    execute(db.connection(), "SELECT pg_sleep(1.5)").await;
    transaction.rollback().await.expect("the transaction ends");
    builder.wait_with_output().await.succeeded().output_lacks(["deadlock"]);
    for waiter in waiters {
        waiter.wait_with_output().await.succeeded().stdout_contains(["nothing to do"]);
    }
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn a_concurrent_index_build_ignores_the_lock_timeout_because_it_blocks_nobody() {
    let expected = DatabaseSnapshot::undisturbed("concurrently", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("concurrently", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "LOCK TABLE m20250101_000001_rows IN ROW EXCLUSIVE MODE").await;
    let builder = fixture.start(["migrate-up", "--lock-timeout", "50ms", "--lock-retry-for", "0"]);
    let waits = "EXISTS (SELECT FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted \
                 AND waitstart < clock_timestamp() - interval '500 ms' \
                 AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))";
    wait_until(db.connection(), waits).await;
    execute(db.connection(), "INSERT INTO m20250101_000001_rows (name) VALUES ('meanwhile')").await;
    execute(db.connection(), "DELETE FROM m20250101_000001_rows").await;
    transaction.rollback().await.expect("the transaction ends");
    builder.wait_with_output().await.succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}
