//! Tests that `migrate-repair` corrects the history by name, and that a corrected script is clean afterward.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, InlineScript, execute, sql, text};
use test_support::snapshot;

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";

fn scripts() -> [InlineScript; 2] {
    [sql(FIRST, ["CREATE TABLE first (id int)"]), sql(SECOND, ["CREATE TABLE second (id int)"])]
}

#[tokio::test]
async fn a_modified_script_is_accepted_and_a_missing_one_forgotten() {
    let db = TestDatabase::empty().await;
    Fixture::with_scripts(db.url(), scripts()).run(["migrate-up"]).await.succeeded();
    let [first, _] = scripts();
    let fixture = Fixture::with_scripts(db.url(), [first.changed()]);
    fixture.run(["migrate-up", "--strict"]).await.exited_with(1);
    fixture.run(["migrate-repair"]).await.succeeded().stdout_contains([
        &format!("{FIRST}  modified  --applied {FIRST}"),
        &format!("{SECOND}  missing  --not-applied {SECOND}"),
    ]);
    let listed = fixture.run(["migrate-repair", "--json"]).await.succeeded().json();
    assert_eq!(listed["repairable"][0], serde_json::json!({ "name": FIRST, "state": "modified" }));
    let repair = ["migrate-repair", "--applied", FIRST, "--not-applied", SECOND];
    fixture.run(repair).await.succeeded().stdout_contains([
        &format!("repaired  {FIRST}  modified -> applied"),
        &format!("repaired  {SECOND}  missing -> unknown"),
    ]);
    fixture.run(["migrate-up", "--strict"]).await.succeeded().stdout_contains(["nothing to do"]);
    fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    fixture.run(["migrate-repair"]).await.succeeded().stdout_contains(["nothing to repair"]);
}

#[tokio::test]
async fn an_interrupted_script_is_settled_in_both_ways() {
    for (flag, state) in [("--applied", "applied"), ("--not-applied", "pending")] {
        let db = TestDatabase::empty().await;
        let fails = sql(SECOND, ["CREATE TABLE second (id int)", "SELECT 1 / 0"]).no_transaction();
        let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, ["SELECT 1"]), fails]);
        fixture.run(["migrate-up"]).await.exited_with(1);
        let run = fixture.run(["migrate-repair", flag, "second"]).await.succeeded();
        run.stdout_contains([&format!("repaired  {SECOND}  interrupted -> {state}")]);
        let json = fixture.run(["migrate-status", "--json"]).await.succeeded().json();
        assert_eq!(json["scripts"][1]["state"], state);
    }
}

#[tokio::test]
async fn a_half_reverted_script_that_was_repaired_by_hand_can_be_settled() {
    let db = TestDatabase::empty().await;
    let script =
        sql(FIRST, ["CREATE TABLE first (id int)"]).down(["DROP TABLE first", "SELECT 1 / 0"]);
    let fixture = Fixture::with_scripts(db.url(), [script.no_transaction()]);
    fixture.run(["migrate-up"]).await.succeeded();
    fixture.run(["migrate-down"]).await.exited_with(1);
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains(["the revert of"]);
    execute(db.connection(), "CREATE TABLE first (id int)").await;
    fixture.run(["migrate-repair", "--applied", FIRST]).await.succeeded();
    fixture.run(["migrate-up"]).await.succeeded().stdout_contains(["nothing to do"]);
}

#[tokio::test]
async fn a_repair_needs_yes_outside_of_development_and_refuses_unknown_names() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), scripts());
    let staging = ["migrate-repair", "--env", "staging", "--applied", FIRST];
    fixture.run(staging).await.exited_with(2).stderr_matches(snapshot!(
        "a_repair_needs_yes_outside_of_development_and_refuses_unknown_names"
    ));
    fixture.run([&staging[..], &["--yes"]].concat()).await.succeeded();
    assert_eq!(text(db.connection(), "SELECT version FROM seaql_migrations").await, FIRST);
    fixture
        .run(["migrate-repair", "--applied", "nothing_like_it"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!(
            "a_repair_needs_yes_outside_of_development_and_refuses_unknown_names_2"
        ));
}

#[tokio::test]
async fn an_applied_script_whose_file_exists_is_not_forgotten() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), scripts());
    fixture.run(["migrate-up"]).await.succeeded();
    let [first, second] = scripts();
    let modified = Fixture::with_scripts(db.url(), [first, second.changed()]);
    for (fixture, words, name) in [(&fixture, "first", FIRST), (&modified, "second", SECOND)] {
        let run = fixture.run(["migrate-repair", "--not-applied", words]).await.exited_with(1);
        run.stderr_contains([
            "is applied, and the next run would apply it a second time",
            &format!("hint: `migrator migrate-down --name {name}` reverts it"),
        ]);
    }
    fixture.run(["migrate-up"]).await.succeeded().stdout_contains(["nothing to do"]);
}

#[tokio::test]
async fn one_script_is_not_repaired_in_two_ways() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), scripts());
    for applied in [FIRST, "first"] {
        let both = ["migrate-repair", "--applied", applied, "--not-applied", FIRST];
        fixture.run(both).await.exited_with(2).stderr_contains([
            &format!("`{FIRST}` cannot be recorded both as applied and as not applied"),
            "hint: name the script with either `--applied` or `--not-applied`",
        ]);
    }
    let tables = "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(text(db.connection(), tables).await, "0");
}

#[tokio::test]
async fn a_repair_that_changes_nothing_says_so() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), scripts());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let logged = "SELECT count(*)::text FROM seedbed_log";
    let before = text(db.connection(), logged).await;
    let repairs = ["--applied", FIRST, "--applied", FIRST, "--not-applied", SECOND];
    let run = fixture.run([&["migrate-repair"], &repairs[..]].concat()).await.succeeded();
    run.output_lacks(["repaired"]).stdout_contains([
        &format!("nothing to repair: `{FIRST}` is applied"),
        &format!("nothing to repair: `{SECOND}` is pending"),
    ]);
    assert_eq!(text(db.connection(), logged).await, before);
}
