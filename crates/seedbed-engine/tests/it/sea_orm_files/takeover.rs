//! Tests a database that sea-orm-migration has migrated first.

use sea_orm_migration::prelude::*;
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, texts};
use test_support::assert_snapshot;

use super::formats::Theirs;

#[tokio::test]
async fn the_history_of_seaorm_is_used_without_a_conversion() {
    let db = TestDatabase::empty().await;
    Theirs::up(db.connection(), None).await.expect("sea-orm-migration applies them");
    let fixture = Fixture::new("seaorm", db.url());
    let status = fixture.run(["migrate-status"]).await.succeeded();
    status.stdout_contains(["14 applied, 1 pending\n"]).output_lacks(["modified", "out of order"]);

    let up = fixture.run(["migrate-up", "--strict", "--env", "production"]).await.succeeded();
    assert!(up.stdout.starts_with("applied  m20250101_000001_rows "), "{up}");
    assert_eq!(up.stderr, "");
    let nothing = fixture.run(["migrate-up"]).await.succeeded();
    assert_snapshot!("the_history_of_seaorm_is_used_without_a_conversion", nothing.stdout);
    fixture.run(["migrate-down", "--all"]).await.succeeded();
    let history = "SELECT version FROM seaql_migrations";
    assert_eq!(texts(db.connection(), history).await, [""; 0]);
}

#[tokio::test]
async fn a_run_with_everything_applied_creates_no_table_of_seedbed() {
    let db = TestDatabase::empty().await;
    Theirs::up(db.connection(), None).await.expect("sea-orm-migration applies them");
    execute(db.connection(), "INSERT INTO seaql_migrations VALUES ('m20250101_000001_rows', 0)")
        .await;
    let fixture = Fixture::new("seaorm", db.url());
    let up = fixture.run(["migrate-up", "--strict"]).await.succeeded();
    assert_snapshot!("a_dry_run_with_everything_applied_has_nothing_to_do", up.stdout);
    fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    // A run that has nothing to do creates neither the log nor the history of the seeds.
    let ours = "SELECT relname::text FROM pg_class WHERE relname IN ('seedbed_log', 'seaql_seeds')";
    assert_eq!(texts(db.connection(), ours).await, [""; 0]);
}

/// The statements that lead to the state in which SeaORM has applied all migrations of the project `mixed`.
const THEIRS: &str = "CREATE TABLE seaql_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL); \
    CREATE TABLE m0000010_init (id int); CREATE TABLE m20230403_create_user (id int); \
    CREATE TABLE m20240101_000000_ours (id int); CREATE TABLE m20240102_000000_theirs (id int); \
    CREATE TABLE m20240103_000000_alone (id int); CREATE TABLE m20240104_000000_last (id int); \
    INSERT INTO seaql_migrations SELECT relname, 1700000000 FROM pg_class \
    WHERE relname ~ '^m[0-9_]+' AND relkind = 'r'";

#[tokio::test]
async fn older_scripts_missing_in_an_imported_history_are_listed_with_a_flag() {
    for seeds_first in [false, true] {
        let db = TestDatabase::empty().await;
        execute(db.connection(), THEIRS).await;
        if seeds_first {
            // A log without migrations does not change which tool applied them.
            Fixture::new("mixed", db.url()).run(["seed-up"]).await.succeeded();
            execute(
                db.connection(),
                "CREATE TABLE IF NOT EXISTS seaql_seeds (version varchar PRIMARY KEY, applied_at bigint NOT NULL)",
            )
            .await;
        }
        let fixture = Fixture::new("mixed-with-older", db.url());
        for args in
            [&["migrate-up"][..], &["migrate-up", "--dry-run"], &["migrate-up", "--env=test"]]
        {
            let refused = fixture.run(args).await.exited_with(1);
            assert_snapshot!(
                "older_scripts_missing_in_an_imported_history_are_listed_with_a_flag",
                refused.stderr
            );
        }
        let up = fixture.run(["migrate-up", "--allow-out-of-order"]).await.succeeded();
        up.stdout_contains([
            "applied  m20230501_forgotten ",
            "applied  m20240105_000000_new ",
            "2 migrations applied",
        ]);
        fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    }
}
