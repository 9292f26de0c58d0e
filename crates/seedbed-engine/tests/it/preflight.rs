//! Tests the problems that are refused before a run, and those that are only reported. Neither changes anything.

use test_fixture::{Fixture, applied_migrations, execute, migrated_database, printed_steps, text};
use test_support::{assert_snapshot, snapshot};

const ONE: &str = "m20250101_000001_rows";
const TWO: &str = "m20250101_000002_two";
const THREE: &str = "m20250101_000003_three";
const FOUR: &str = "m20250101_000004_four";

#[tokio::test]
async fn out_of_order_is_applied_with_a_warning_in_development() {
    let db = migrated_database("plain-one-and-three").await;
    let up = Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
    assert_eq!(printed_steps(&up), [format!("applied {TWO}"), format!("applied {FOUR}")]);
    assert_snapshot!("out_of_order_is_applied_with_a_warning_in_development", up.stderr);
    assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO, THREE, FOUR]);
}

#[tokio::test]
async fn out_of_order_is_refused_outside_of_development_and_by_strict_until_it_is_allowed() {
    let db = migrated_database("plain-one-and-three").await;
    let plain = Fixture::new("plain", db.url());
    for args in [
        ["migrate-up", "--env", "test"],
        ["migrate-up", "--env", "production"],
        ["migrate-up", "--strict", "--json"],
        ["migrate-up", "--env=test", "--dry-run"],
    ] {
        let refused = plain.run(args).await.exited_with(1);
        assert_snapshot!(
            "out_of_order_is_refused_outside_of_development_and_by_strict_until_it_is_allowed",
            refused.stderr
        );
        assert_eq!(applied_migrations(db.connection()).await, [ONE, THREE]);
    }
    let allowed = plain.run(["migrate-up", "--env", "test", "--allow-out-of-order"]).await;
    assert_eq!(allowed.succeeded().stderr, "");
    assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO, THREE, FOUR]);
}

#[tokio::test]
async fn a_modified_file_is_a_warning_and_refused_by_strict() {
    let db = migrated_database("plain").await;
    let modified = Fixture::new("plain-two-modified", db.url());
    let up = modified.run(["migrate-up"]).await.succeeded();
    assert_snapshot!("a_modified_file_is_a_warning_and_refused_by_strict", up.stdout);
    assert_snapshot!("a_modified_file_is_a_warning_and_refused_by_strict_2", up.stderr);
    let refused = modified.run(["migrate-up", "--strict"]).await.exited_with(1);
    assert_snapshot!("a_modified_file_is_a_warning_and_refused_by_strict_3", refused.stderr);
}

#[tokio::test]
async fn a_missing_file_is_reported_and_cannot_be_reverted() {
    let db = migrated_database("plain").await;
    let without_file = Fixture::new("plain-two-gone", db.url());
    let up = without_file.run(["migrate-up"]).await.succeeded();
    assert_snapshot!("a_missing_file_is_reported_and_cannot_be_reverted_2", up.stderr);
    without_file
        .run(["migrate-up", "--strict"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("a_missing_file_is_reported_and_cannot_be_reverted"));
    for args in [["migrate-down", "--all"], ["migrate-down", "--to=20250101_000001"]] {
        let refused = without_file.run(args).await.exited_with(1);
        assert_snapshot!("a_missing_file_is_reported_and_cannot_be_reverted_3", refused.stderr);
    }
    assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO, THREE, FOUR]);
    without_file.run(["migrate-down", "--step", "2"]).await.succeeded();
    assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO]);
}

#[tokio::test]
async fn two_files_with_one_date_and_time_are_refused_when_one_would_run() {
    let db = migrated_database("plain").await;
    let refused = Fixture::new("plain-twins", db.url()).run(["migrate-up"]).await.exited_with(1);
    assert_snapshot!(
        "two_files_with_one_date_and_time_are_refused_when_one_would_run",
        refused.stderr
    );
    assert_eq!(applied_migrations(db.connection()).await.len(), 4);
}

#[tokio::test]
async fn a_future_timestamp_is_refused_and_older_scripts_are_not() {
    let db = migrated_database("plain-one-and-three").await;
    let future = Fixture::new("plain-future", db.url());
    let refused = future.run(["migrate-up", "--allow-out-of-order"]).await.exited_with(1);
    assert_snapshot!("a_future_timestamp_is_refused_and_older_scripts_are_not", refused.stderr);
    assert_eq!(applied_migrations(db.connection()).await, [ONE, THREE]);
    future.run(["migrate-up", "--to", FOUR]).await.succeeded();
    assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO, THREE, FOUR]);
}

#[tokio::test]
async fn a_missing_down_is_an_error_before_anything_is_reverted() {
    let db = migrated_database("plain-two-without-down").await;
    let fixture = Fixture::new("plain-two-without-down", db.url());
    for args in [["migrate-down", "--all"], ["migrate-redo", "--step=2"]] {
        let refused = fixture.run(args).await.exited_with(1);
        assert_snapshot!("a_missing_down_is_an_error_before_anything_is_reverted", refused.stderr);
        assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO, THREE]);
    }
}

#[tokio::test]
async fn an_irreversible_script_is_not_reverted_and_its_reason_is_printed() {
    let db = migrated_database("plain-two-irreversible").await;
    let fixture = Fixture::new("plain-two-irreversible", db.url());
    for args in [["migrate-down", "--all"], ["migrate-down", "--name=20250101_000002"]] {
        let refused = fixture.run(args).await.exited_with(1);
        assert_snapshot!("an_irreversible_script_stays_with_its_reason", refused.stderr);
    }
    assert_eq!(applied_migrations(db.connection()).await, [ONE, TWO, THREE]);
}

#[tokio::test]
async fn an_interrupted_script_is_reported_and_resumed() {
    let db = migrated_database("plain-one-and-three").await;
    let half = Fixture::new("half", db.url());
    let failed = half.run(["migrate-up"]).await.exited_with(1);
    assert_snapshot!("an_interrupted_script_is_reported_and_resumed_2", failed.stderr);
    let status = half.run(["migrate-status", "--exit-code"]).await.exited_with(3);
    assert!(status.stdout.contains("m20250102_000000_half   interrupted"), "{status}");
    assert!(
        status.stdout.ends_with("1 applied, 1 pending, 1 missing, 1 interrupted\n"),
        "{status}"
    );

    execute(db.connection(), "CREATE TABLE half_two (id int)").await;
    let again = half.run(["migrate-up"]).await.succeeded();
    again.clone().stderr_matches(snapshot!("an_interrupted_script_is_reported_and_resumed"));
    assert_eq!(
        printed_steps(&again),
        ["applied m20250102_000000_half", "applied m20250103_000000_after"]
    );
    assert_eq!(text(db.connection(), "SELECT count(*)::text FROM half_two").await, "1");
    half.run(["migrate-status"]).await.succeeded().stdout_contains(["3 applied, 1 missing\n"]);
}

#[tokio::test]
async fn a_failed_run_reports_that_the_failed_script_was_rolled_back() {
    let db = migrated_database("empty").await;
    let fixture = Fixture::new("mistake", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    fixture.run(["migrate-down"]).await.succeeded();
    execute(db.connection(), "CREATE TABLE something (id int)").await;

    let failed = fixture.run(["migrate-up"]).await.exited_with(1);
    assert_eq!(printed_steps(&failed), [format!("applied {ONE}")]);
    assert_snapshot!("a_failed_run_reports_that_the_failed_script_was_rolled_back", failed.stderr);
    assert_eq!(applied_migrations(db.connection()).await, [ONE]);

    let json = fixture.run(["migrate-up", "--json"]).await.exited_with(1).json();
    assert_eq!(json["applied"], serde_json::json!([]));
    assert!(json["error"].as_str().is_some_and(|error| error.contains("42703")), "{json}");
}

#[tokio::test]
async fn on_an_empty_database_a_failed_run_keeps_what_was_applied_before() {
    let db = migrated_database("empty").await;
    let failed = Fixture::new("mistake", db.url()).run(["migrate-up"]).await.exited_with(1);
    failed.stderr_matches(snapshot!(
        "on_an_empty_database_a_failed_run_keeps_what_was_applied_before"
    ));
    assert_eq!(applied_migrations(db.connection()).await, [ONE]);
}

#[tokio::test]
async fn warnings_are_printed_even_if_the_run_fails() {
    let db = migrated_database("plain").await;
    execute(
        db.connection(),
        "DELETE FROM seaql_migrations WHERE version <> 'm20250101_000003_three'",
    )
    .await;
    let failed = Fixture::new("plain-two-gone", db.url()).run(["migrate-up"]).await.exited_with(1);
    failed.stderr_matches(snapshot!("warnings_are_printed_even_if_the_run_fails"));
}
