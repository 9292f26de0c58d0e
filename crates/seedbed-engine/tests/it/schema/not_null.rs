//! Tests adding a NOT NULL column to a table that has rows, in one step and in three.

use test_fixture::{
    Fixture, Gate, SLOW_SCRIPT_GATE, applied_migrations, catalog, execute, printed_steps, text,
    texts,
};
use test_support::{assert_snapshot, snapshot};

/// Returns a database to which the first migration of the project is applied, with a hundred rows in its table.
async fn with_rows(project: &str) -> seedbed_testdb::TestDatabase {
    let db = seedbed_testdb::TestDatabase::empty().await;
    Fixture::new(project, db.url()).run(["migrate-up", "--step", "1"]).await.succeeded();
    let rows =
        "INSERT INTO customers (name) SELECT 'customer ' || n FROM generate_series(1, 100) n";
    execute(db.connection(), rows).await;
    db
}

#[tokio::test]
async fn adding_a_required_column_in_one_step_fails_with_the_three_steps() {
    let db = with_rows("not-null-at-once").await;
    let before = catalog(db.connection()).await;
    let failed =
        Fixture::new("not-null-at-once", db.url()).run(["migrate-up"]).await.exited_with(1);
    assert_snapshot!(
        "adding_a_required_column_in_one_step_fails_with_the_three_steps",
        failed.stderr
    );
    assert_eq!(catalog(db.connection()).await, before);
    assert_eq!(applied_migrations(db.connection()).await, ["m20250101_000000_customers"]);
}

#[tokio::test]
async fn a_required_column_in_three_steps_does_not_block_other_sessions() {
    let db = with_rows("not-null-in-steps").await;
    let fixture = Fixture::new("not-null-in-steps", db.url());
    let gate = Gate::close(db.connection(), SLOW_SCRIPT_GATE).await;
    let running = fixture.start(["migrate-up"]);
    gate.reached(db.connection()).await;

    // The rows are updated and not committed yet.
    let locks = "SELECT mode FROM pg_locks WHERE relation = 'customers'::regclass AND granted \
                 AND pid <> pg_backend_pid() ORDER BY mode";
    assert_eq!(texts(db.connection(), locks).await, ["RowExclusiveLock"]);
    execute(
        db.connection(),
        "INSERT INTO customers (name, stripe_id) VALUES ('meanwhile', 'cus_x')",
    )
    .await;
    gate.open().await;

    let up = running.wait_with_output().await.succeeded();
    assert_eq!(printed_steps(&up).len(), 3, "{up}");
    let nulls = "SELECT count(*)::text FROM customers WHERE stripe_id IS NULL";
    assert_eq!(text(db.connection(), nulls).await, "0");
    assert_eq!(nullable(&db).await, "NO");
    let checks = "SELECT conname::text FROM pg_constraint WHERE conrelid = 'customers'::regclass \
                  AND contype = 'c'";
    assert_eq!(texts(db.connection(), checks).await, [""; 0]);

    fixture.run(["migrate-down", "--step", "1"]).await.succeeded();
    assert_eq!(nullable(&db).await, "YES");
    fixture.run(["migrate-down", "--all"]).await.succeeded();
}

/// Returns whether the column `stripe_id` is nullable, as `YES` or `NO`.
async fn nullable(db: &seedbed_testdb::TestDatabase) -> String {
    let sql = "SELECT is_nullable::text FROM information_schema.columns \
               WHERE table_name = 'customers' AND column_name = 'stripe_id'";
    text(db.connection(), sql).await
}

#[tokio::test]
async fn set_not_null_fails_if_a_row_is_null_and_can_be_repeated() {
    let db = with_rows("not-null-in-steps").await;
    let fixture = Fixture::new("not-null-in-steps", db.url());
    fixture.run(["migrate-up", "--step", "2"]).await.succeeded();
    execute(db.connection(), "INSERT INTO customers (name) VALUES ('too late')").await;

    let failed = fixture.run(["migrate-up"]).await.exited_with(1);
    failed.stderr_matches(snapshot!("set_not_null_fails_if_a_row_is_null_and_can_be_repeated"));
    execute(db.connection(), "UPDATE customers SET stripe_id = 'cus_0' WHERE stripe_id IS NULL")
        .await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(nullable(&db).await, "NO");
}
