//! Tests that `migrate-status` and `seed-status` print the states and change nothing.

use seedbed_testdb::TestDatabase;
use serde_json::{Value, json};

use test_fixture::{Fixture, Gate, SLOW_SCRIPT_GATE, catalog, execute, migrated_database};
use test_support::{assert_snapshot, url_with};

#[tokio::test]
async fn the_table_shows_full_names_and_ends_with_a_summary() {
    let db = migrated_database("long-names").await;
    execute(
        db.connection(),
        "INSERT INTO seaql_migrations VALUES ('m20250101_000005_gone', 1735689600)",
    )
    .await;
    let status = Fixture::new("long-names", db.url()).run(["migrate-status"]).await.succeeded();
    let lines: Vec<&str> = status.stdout.lines().collect();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(lines[0]), ["migration", "state", "applied", "(UTC)", "took"]);
    assert_eq!(words(lines[1])[..2], ["m20250101_000001_rows", "applied"]);
    assert_eq!(words(lines[2]), ["m20250101_000005_gone", "missing", "2025-01-01", "00:00"]);
    let long = "m20250102_000000_a_name_that_is_as_long_as_the_longest_one_that_create_migration_would_ever_write_for_anybody";
    assert_eq!(words(lines[3])[..2], [long, "applied"]);
    assert_eq!(lines[4..], ["2 applied, 1 missing"]);
}

#[tokio::test]
async fn an_interrupted_script_with_a_missing_file_can_finish_after_the_file_is_restored() {
    let db = migrated_database("plain-one-and-three").await;
    execute(
        db.connection(),
        "INSERT INTO seedbed_log (kind, name, direction, result, checksum, started_at, duration_ms, \
         role, application, seedbed) VALUES ('migration', 'm20250101_000004_four', 'up', 'started', \
         'x', now(), 0, 'x', 'x', 'x')",
    )
    .await;
    let without_file = Fixture::new("plain-one-and-three", db.url());
    let warning = "warning: `m20250101_000004_four` was started and not finished, and its file is missing; `git log --diff-filter=D -- '*m20250101_000004_four.rs'` finds the commit that deleted the file; restore the file, or ";
    for command in ["migrate-status", "migrate-up"] {
        let output = without_file.run([command]).await.succeeded();
        assert!(output.stderr.starts_with(warning), "{output}");
    }
    let back = Fixture::new("plain", db.url());
    for command in ["migrate-up", "migrate-down"] {
        back.run([command, "--name", "m20250101_000004_four"]).await.succeeded();
    }
    let status = without_file.run(["migrate-status", "--exit-code"]).await.succeeded();
    assert_eq!(status.stderr, "");
}

#[tokio::test]
async fn the_json_has_every_script_with_its_state_time_and_file() {
    let db = migrated_database("plain-one-and-three").await;
    execute(
        db.connection(),
        "UPDATE seaql_migrations SET applied_at = 1735689600; \
         UPDATE seedbed_log SET duration_ms = 12, checksum = repeat('0', 64)",
    )
    .await;
    let status =
        Fixture::new("plain-two-modified", db.url()).run(["migrate-status", "--json"]).await;
    let script = |name: &str, state: &str, applied: bool| {
        json!({
            "kind": "migration",
            "name": name,
            "state": state,
            "applied_at": if applied { json!("2025-01-01T00:00:00Z") } else { Value::Null },
            "duration_ms": if applied { json!(12) } else { Value::Null },
            "file": name,
            "reason": Value::Null,
        })
    };
    let document = status.clone().succeeded().json();
    assert_eq!(document["environment"], "development");
    assert_eq!(document["clean"], false);
    let database = document["database"].as_str().unwrap_or_default();
    assert!(database.starts_with("seedbed_test_") && database.contains(" at "), "{database}");
    assert_eq!(
        document["scripts"],
        json!([
            script("m20250101_000001_rows", "applied", true),
            script("m20250101_000002_two", "out_of_order", false),
            script("m20250101_000003_three", "applied", true),
            script("m20250101_000004_four", "pending", false),
        ])
    );
    assert_eq!(status.stderr, "");
}

#[tokio::test]
async fn the_exit_code_is_3_unless_everything_is_applied_and_clean() {
    let db = TestDatabase::empty().await;
    let assert_exit_code = async |project: &str, code: i32| {
        let fixture = Fixture::new(project, db.url());
        fixture.run(["migrate-status", "--exit-code"]).await.exited_with(code);
        let json = fixture.run(["migrate-status", "--exit-code", "--json"]).await.exited_with(code);
        assert_eq!(json.json()["clean"], json!(code == 0));
        fixture.run(["migrate-status"]).await.succeeded();
    };
    assert_exit_code("empty", 0).await;
    assert_exit_code("plain", 3).await;
    Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
    assert_exit_code("plain", 0).await;
    assert_exit_code("plain-two-gone", 3).await;
    assert_exit_code("plain-two-modified", 3).await;
    Fixture::new("plain", db.url()).run(["migrate-down"]).await.succeeded();
    assert_exit_code("plain", 3).await;
    assert_exit_code("plain-one-and-three", 3).await;
    let seeds = Fixture::new("plain", db.url()).run(["seed-status", "--exit-code"]).await;
    seeds.exited_with(3).stdout_contains(["2 pending\n"]);
}

#[tokio::test]
async fn the_status_creates_nothing_and_works_on_a_read_only_database() {
    for db in [TestDatabase::empty().await, migrated_database("plain").await] {
        let before = catalog(db.connection()).await;
        let read_only = url_with(db.url(), "options=-c%20default_transaction_read_only%3Don");
        for url in [db.url(), &read_only] {
            let plain = Fixture::new("plain", url);
            let status = plain.run(["migrate-status"]).await.succeeded();
            assert_eq!(status.stderr, "");
            plain.run(["seed-status", "--json"]).await.succeeded().json();
        }
        assert_eq!(catalog(db.connection()).await, before);

        let refused = Fixture::new("plain", &read_only).run(["seed-up"]).await.exited_with(1);
        assert!(refused.stderr.starts_with("error: "), "{refused}");
    }
}

#[tokio::test]
async fn the_status_takes_no_lock_and_waits_for_none() {
    let db = TestDatabase::empty().await;
    let slow = Fixture::new("stands-still", db.url());
    slow.run(["migrate-up", "--step", "1"]).await.succeeded();
    let gate = Gate::close(db.connection(), SLOW_SCRIPT_GATE).await;
    let running = slow.start(["migrate-up"]);
    gate.reached(db.connection()).await;

    let status = slow.run(["migrate-status", "--exit-code"]).await.exited_with(3);
    status.stdout_contains(["1 applied, 1 pending\n"]);
    // A plan is made without the lock, too.
    let plan = slow.run(["migrate-up", "--dry-run"]).await.succeeded();
    assert_eq!(plan.stdout, "would apply  m20250102_000000_slow\n");

    gate.open().await;
    running.wait_with_output().await.succeeded();
    let nothing = slow.run(["migrate-up"]).await.succeeded();
    assert_snapshot!("the_status_takes_no_lock_and_waits_for_none", nothing.stdout);
}
