//! A NOT NULL column on a table that has rows: in one step, and in three.

use test_fixture::{Fixture, Gate, applied, catalog, execute, steps, text, texts};

async fn with_rows(project: &str) -> seedbed_testdb::TestDatabase {
    let db = seedbed_testdb::TestDatabase::empty().await;
    Fixture::new(project, db.url()).run(["migrate-up", "--step", "1"]).await.succeeded();
    let rows =
        "INSERT INTO customers (name) SELECT 'customer ' || n FROM generate_series(1, 100) n";
    execute(db.connection(), rows).await;
    db
}

#[tokio::test]
async fn in_one_step_it_fails_and_the_error_shows_the_three_steps() {
    let db = with_rows("not-null-at-once").await;
    let before = catalog(db.connection()).await;
    let failed = Fixture::new("not-null-at-once", db.url()).run(["migrate-up"]).await.ended_with(1);
    assert_eq!(
        failed.stderr,
        "error: migrations/m20250102_000000_stripe_id.rs: `up` failed: column \"stripe_id\" of \
         relation \"customers\" contains null values (23502)\n  \
         statement: ALTER TABLE \"customers\" ADD COLUMN \"stripe_id\" varchar NOT NULL\n  \
         it was rolled back, nothing of it remains\n\
         hint: the rows that are there have no value for it. Remove \
         migrations/m20250102_000000_stripe_id.rs: then\n  \
         make create-migration name=add_stripe_id_to_customers fields='stripe_id:varchar!'\n  \
         writes the scripts that do it without a long lock, which are:\n  \
         1. add it nullable:   schema.add_column(\"customers\", string_null(\"stripe_id\")).await?;\n  \
         2. fill in the rows:  schema.execute(\"UPDATE customers SET stripe_id = … WHERE stripe_id IS NULL\").await?;\n  \
         3. set it NOT NULL:   schema.set_not_null(\"customers\", \"stripe_id\").await?;\n                        \
         with `pub const TRANSACTION: bool = false;`\n"
    );
    assert_eq!(catalog(db.connection()).await, before);
    assert_eq!(applied(db.connection()).await, ["m20250101_000000_customers"]);
}

#[tokio::test]
async fn in_three_steps_it_works_and_nobody_is_locked_out_through_the_backfill() {
    let db = with_rows("not-null-in-steps").await;
    let fixture = Fixture::new("not-null-in-steps", db.url());
    let gate = Gate::close(db.connection(), 77).await;
    let running = fixture.start(["migrate-up"]);
    gate.reached(db.connection()).await;

    // The rows are filled in and not committed yet.
    let locks = "SELECT mode FROM pg_locks WHERE relation = 'customers'::regclass AND granted \
                 AND pid <> pg_backend_pid() ORDER BY mode";
    assert_eq!(texts(db.connection(), locks).await, ["RowExclusiveLock"]);
    execute(
        db.connection(),
        "INSERT INTO customers (name, stripe_id) VALUES ('meanwhile', 'cus_x')",
    )
    .await;
    gate.open().await;

    let up = running.finished().await.succeeded();
    assert_eq!(steps(&up).len(), 3, "{up}");
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

async fn nullable(db: &seedbed_testdb::TestDatabase) -> String {
    let sql = "SELECT is_nullable::text FROM information_schema.columns \
               WHERE table_name = 'customers' AND column_name = 'stripe_id'";
    text(db.connection(), sql).await
}

#[tokio::test]
async fn the_last_step_says_which_rows_are_in_its_way_and_can_be_repeated() {
    let db = with_rows("not-null-in-steps").await;
    let fixture = Fixture::new("not-null-in-steps", db.url());
    fixture.run(["migrate-up", "--step", "2"]).await.succeeded();
    execute(db.connection(), "INSERT INTO customers (name) VALUES ('too late')").await;

    let failed = fixture.run(["migrate-up"]).await.ended_with(1);
    failed.said([
        "migrations/m20250104_000000_require.rs: `up` failed: check constraint \
         \"customers_stripe_id_is_not_null\" of relation \"customers\" is violated by some row (23514)",
    ]);
    execute(db.connection(), "UPDATE customers SET stripe_id = 'cus_0' WHERE stripe_id IS NULL")
        .await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(nullable(&db).await, "NO");
}
