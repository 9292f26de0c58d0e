//! Tests partitions that are detached concurrently. A script finishes the detach that it has begun itself, and not that
//! of another session.

use sea_orm::TransactionTrait as _;
use seedbed_testdb::TestDatabase;

use crate::concurrent_statements::{
    INDEX, TABLE, apply_first_and_kill_second, kill_while_it_waits,
};
use test_fixture::{DatabaseSnapshot, Fixture, InlineScript, execute, sql, text, wait_until};
use test_support::snapshot;

fn partitioned() -> InlineScript {
    sql(
        TABLE,
        [
            "CREATE TABLE events (at int) PARTITION BY RANGE (at)",
            "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10)",
            "CREATE TABLE t (x int)",
        ],
    )
}

fn detach() -> InlineScript {
    let detach = "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY";
    sql(INDEX, [detach, "INSERT INTO t VALUES (1)"]).no_transaction()
}

/// The query for the partition with a pending detach.
const PENDING: &str = "SELECT coalesce(string_agg(inhrelid::regclass::text, ' '), 'none') FROM pg_inherits \
                       WHERE inhdetachpending";

/// The query for the number of attached partitions.
const ATTACHED: &str =
    "SELECT count(*)::text FROM pg_inherits WHERE inhparent = 'events'::regclass";

#[tokio::test]
async fn a_killed_detach_is_finished_by_the_next_run() {
    let expected = {
        let db = TestDatabase::empty().await;
        Fixture::with_scripts(db.url(), [partitioned(), detach()])
            .run(["migrate-up"])
            .await
            .succeeded();
        DatabaseSnapshot::read(db.connection()).await
    };
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach()]);
    apply_first_and_kill_second(&db, &fixture, "SELECT count(*) FROM events").await;
    assert_eq!(text(db.connection(), PENDING).await, "events_1");
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
}

#[tokio::test]
async fn a_detach_that_somebody_finalized_by_hand_is_not_repeated() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach()]);
    apply_first_and_kill_second(&db, &fixture, "SELECT count(*) FROM events").await;
    execute(db.connection(), "ALTER TABLE events DETACH PARTITION events_1 FINALIZE").await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), ATTACHED).await, "0");
}

/// Tests a killed detach of a SeaORM file. The engine does not see the statements of the file, so the file sends the killed
/// statement again, which fails.
#[tokio::test]
async fn a_killed_detach_of_a_sea_orm_file_is_finished_before_the_file_runs_again() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach().sea_orm()]);
    apply_first_and_kill_second(&db, &fixture, "SELECT count(*) FROM events").await;
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_matches(snapshot!(
        "a_killed_detach_of_a_sea_orm_file_is_finished_before_the_file_runs_again"
    ));
    assert_eq!(text(db.connection(), ATTACHED).await, "0");

    // A file that first checks which objects exist runs to its end.
    let twice = sql(INDEX, ["INSERT INTO t VALUES (1)"]).no_transaction().sea_orm().changed();
    Fixture::with_scripts(db.url(), [partitioned(), twice]).run(["migrate-up"]).await.succeeded();
}

#[tokio::test]
async fn a_detach_that_another_script_left_pending_is_not_finished() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach()]);
    apply_first_and_kill_second(&db, &fixture, "SELECT count(*) FROM events").await;
    let fails = ["SELECT 1 / 0"];
    let other = sql("m20250101_000003_other", fails).no_transaction().sea_orm();
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach(), other]);
    let only = ["migrate-up", "--name", "m20250101_000003_other"];
    for _ in 0..2 {
        fixture.run(only).await.exited_with(1).stderr_contains(["division by zero"]);
    }
    assert_eq!(text(db.connection(), PENDING).await, "events_1");
}

#[tokio::test]
async fn a_detach_that_runs_into_a_lock_timeout_is_retried_until_it_succeeds() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach()]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "SELECT count(*) FROM events").await;
    let run = fixture.start(["migrate-up", "--lock-timeout", "100ms", "--lock-retry-for", "1h"]);
    run.wait_for_stderr("did not get its lock in time").await;
    transaction.commit().await.expect("the transaction ends");
    run.wait_with_output().await.succeeded();
    assert_eq!(text(db.connection(), ATTACHED).await, "0");
}

/// Begins to detach the partition `events_1` in a session of the test, which waits for a transaction that reads the
/// table. Returns the transaction.
async fn detach_elsewhere(db: &TestDatabase) -> sea_orm::DatabaseTransaction {
    let reads = db.connection().begin().await.expect("a transaction");
    execute(&reads, "SELECT count(*) FROM events").await;
    let url = db.url().to_owned();
    tokio::spawn(async move {
        let other = test_fixture::connect(&url).await;
        let detach = "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY";
        sea_orm::ConnectionTrait::execute_unprepared(&other, detach).await
    });
    let is_pending = format!("({PENDING}) = 'events_1'");
    wait_until(db.connection(), &is_pending).await;
    reads
}

/// Terminates the session of [`detach_elsewhere`] if it exists, and waits until it is gone. Its detach stays pending.
async fn kill_other(db: &TestDatabase) {
    let sessions = "FROM pg_stat_activity WHERE datname = current_database() \
                    AND query LIKE 'ALTER TABLE events DETACH%' AND state = 'active'";
    execute(db.connection(), &format!("SELECT pg_terminate_backend(pid) {sessions}")).await;
    wait_until(db.connection(), &format!("NOT EXISTS (SELECT {sessions})")).await;
}

/// Tests a script that was interrupted before it reached its detach, so that the pending detach is not its own.
#[tokio::test]
async fn a_pending_detach_of_another_session_is_refused_at_each_run_until_that_session_or_a_user_ends_it()
 {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach()]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let reads = detach_elsewhere(&db).await;
    for is_alive in [true, false, false] {
        if !is_alive {
            kill_other(&db).await;
        }
        fixture
            .run(["migrate-up"])
            .await
            .exited_with(1)
            .error_matches(snapshot!("a_pending_detach_of_another_session_is_refused_at_each_run"));
        assert_eq!(text(db.connection(), PENDING).await, "events_1");
    }
    reads.commit().await.expect("the transaction ends");
    execute(db.connection(), "ALTER TABLE events DETACH PARTITION events_1 FINALIZE").await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), ATTACHED).await, "0");
}

#[tokio::test]
async fn a_detach_that_is_killed_after_one_of_another_session_was_ended_is_finished() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), detach()]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let reads = detach_elsewhere(&db).await;
    fixture.run(["migrate-up"]).await.exited_with(1);
    kill_other(&db).await;
    reads.commit().await.expect("the transaction ends");
    for sql in [
        "ALTER TABLE events DETACH PARTITION events_1 FINALIZE",
        "ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES FROM (0) TO (10)",
    ] {
        execute(db.connection(), sql).await;
    }
    kill_while_it_waits(&db, &fixture, "SELECT count(*) FROM events").await;
    assert_eq!(text(db.connection(), PENDING).await, "events_1");
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), ATTACHED).await, "0");
}

/// Tests a detach that another session began after the SeaORM file was interrupted, both while that session lives and
/// after it has ended.
#[tokio::test]
async fn a_sea_orm_file_does_not_finish_a_detach_that_another_session_began_after_its_run() {
    let db = TestDatabase::empty().await;
    let fails = sql(INDEX, ["SELECT 1 / 0"]).no_transaction().sea_orm();
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), fails]);
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains(["division by zero"]);
    let reads = detach_elsewhere(&db).await;
    for is_alive in [true, false, false] {
        if !is_alive {
            kill_other(&db).await;
        }
        fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains(["division by zero"]);
        assert_eq!(text(db.connection(), PENDING).await, "events_1");
    }
    reads.commit().await.expect("the transaction ends");
}

/// Tests a killed run, which could not log its end. Only the other session itself shows that the pending detach belongs
/// to it.
#[tokio::test]
async fn a_sea_orm_file_whose_run_was_killed_does_not_finish_a_detach_of_a_live_session() {
    let db = TestDatabase::empty().await;
    let insert = sql(INDEX, ["INSERT INTO t VALUES (1)"]).no_transaction().sea_orm();
    let fixture = Fixture::with_scripts(db.url(), [partitioned(), insert]);
    apply_first_and_kill_second(&db, &fixture, "LOCK TABLE t").await;
    let reads = detach_elsewhere(&db).await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), PENDING).await, "events_1");
    kill_other(&db).await;
    reads.commit().await.expect("the transaction ends");
}
