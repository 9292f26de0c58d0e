//! Tests that every command, in both directions, names a script that was started and never finished, and tests what a revert
//! warns about and refuses.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, sql, text};
use test_support::{assert_snapshot, snapshot};

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";
const THIRD: &str = "m20250101_000003_third";

#[tokio::test]
async fn nothing_is_applied_on_top_of_a_half_reverted_script() {
    let db = TestDatabase::empty().await;
    let second = sql(SECOND, ["CREATE TABLE a (id int)", "CREATE TABLE b (id int)"])
        .down(["DROP TABLE a", "DROP TABLE b"])
        .no_transaction();
    let seed = sql(FIRST, ["SELECT 1"]).seed();
    let scripts = [sql(FIRST, ["SELECT 1"]), second.clone(), seed.clone()];
    let fixture = Fixture::with_scripts(db.url(), scripts);
    fixture.run(["migrate-up"]).await.succeeded();
    execute(db.connection(), "CREATE VIEW v AS SELECT id FROM b").await;
    fixture.run(["migrate-down"]).await.exited_with(1).stderr_contains(["cannot drop table b"]);

    let third = sql(THIRD, ["CREATE TABLE third (id int)"]);
    let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, ["SELECT 1"]), second, third, seed]);
    for command in [
        &["migrate-up"][..],
        &["migrate-up", "--dry-run"],
        &["fresh-start"],
        &["seed-up"],
        &["migrate-up", "--name", THIRD],
    ] {
        let refused = fixture.run(command).await.exited_with(1);
        refused.stderr_matches(snapshot!("nothing_is_applied_on_top_of_a_half_reverted_script"));
    }
    fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["1 interrupted"]);
    assert_eq!(text(db.connection(), "SELECT (to_regclass('third') IS NULL)::text").await, "true");
}

#[tokio::test]
async fn a_statement_that_cannot_run_twice_is_explained_when_its_script_is_started_again() {
    let mut transcript = String::new();
    for (up, down, undo) in [
        ("CREATE TABLE a (id int)", "DROP TABLE a", "DROP TABLE a"),
        ("ALTER TABLE given ADD a int", "ALTER TABLE given DROP a", "ALTER TABLE given DROP a"),
        ("CREATE SCHEMA a", "DROP SCHEMA a", "DROP SCHEMA a"),
        ("CREATE FUNCTION a() RETURNS int RETURN 1", "DROP FUNCTION a()", "DROP FUNCTION a()"),
        ("INSERT INTO given VALUES (1)", "DROP TYPE kind", "DELETE FROM given"),
    ] {
        let db = TestDatabase::empty().await;
        let given = "CREATE TABLE given (id int PRIMARY KEY, n int)";
        let given = sql(FIRST, [given, "CREATE TYPE kind AS ENUM ('a')"]);
        let second =
            |last: &str| sql(SECOND, [up, last]).down([down, "SELECT 1 / 0"]).no_transaction();
        let fixture = Fixture::with_scripts(db.url(), [given.clone(), second("SELECT 1 / 0")]);
        fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains(["division by zero"]);
        transcript += &format!("{}\n", fixture.run(["migrate-up"]).await.exited_with(1));
        execute(db.connection(), undo).await;
        let fixture = Fixture::with_scripts(db.url(), [given, second("SELECT 1").changed()]);
        fixture.run(["migrate-up"]).await.succeeded();
        fixture.run(["migrate-down"]).await.exited_with(1).stderr_contains(["division by zero"]);
        transcript += &format!("{}\n", fixture.run(["migrate-down"]).await.exited_with(1));
    }
    assert_snapshot!("a_statement_that_cannot_run_twice_is_explained", transcript);
}

#[tokio::test]
async fn commands_that_do_not_resume_a_half_applied_script_warn_about_it() {
    let db = TestDatabase::empty().await;
    let second = sql(SECOND, ["CREATE TABLE a (id int)", "SELECT 1 / 0"]).no_transaction();
    let scripts = [sql(FIRST, ["SELECT 1"]), second, sql(THIRD, ["SELECT 1"])];
    let fixture = Fixture::with_scripts(db.url(), scripts);
    fixture.run(["migrate-up"]).await.exited_with(1);
    let named = format!(
        "warning: the run of `{SECOND}` was interrupted; `migrator migrate-up --name {SECOND}` starts it again"
    );
    for command in [
        &["migrate-up", "--name", FIRST][..],
        &["migrate-down", "--dry-run"],
        &["migrate-redo", "--dry-run"],
        &["migrate-up", "--name", THIRD, "--allow-out-of-order"],
        &["migrate-down"],
    ] {
        fixture.run(command).await.succeeded().stderr_contains([&named]);
    }
    fixture.run(["migrate-up", "--name", FIRST, "--strict"]).await.exited_with(1).stderr_matches(
        snapshot!("commands_that_do_not_resume_a_half_applied_script_warn_about_it"),
    );
}

#[tokio::test]
async fn reverting_a_script_that_was_not_applied_last_is_a_warning() {
    let db = TestDatabase::empty().await;
    let script = |name| sql(name, ["SELECT 1"]);
    Fixture::with_scripts(db.url(), [script(FIRST), script(THIRD)])
        .run(["migrate-up"])
        .await
        .succeeded();
    let fixture = Fixture::with_scripts(db.url(), [script(FIRST), script(SECOND), script(THIRD)]);
    fixture.run(["migrate-up"]).await.succeeded();
    let warning = format!(
        "warning: `{THIRD}` is reverted first, because its name is the newest, but `{SECOND}` was applied last; \
         `migrator migrate-down --name {SECOND}` reverts that one"
    );
    for command in [
        &["migrate-down", "--dry-run"][..],
        &["migrate-down", "--dry-run", "--all"],
        &["migrate-redo"],
    ] {
        fixture.run(command).await.succeeded().stderr_contains([&warning]);
    }
    // The redo has applied the script again, so it is now the last one.
    fixture.run(["migrate-down"]).await.succeeded().output_lacks(["was applied last"]);
}

#[tokio::test]
async fn reverting_several_scripts_outside_of_development_requires_yes() {
    let db = TestDatabase::empty().await;
    let script = |name| sql(name, ["SELECT 1"]);
    let fixture = Fixture::with_scripts(db.url(), [script(FIRST), script(SECOND), script(THIRD)]);
    fixture.run(["migrate-up"]).await.succeeded();
    let mut transcript = String::new();
    for args in
        [&["--all"][..], &["--step", "2"], &["--to", FIRST], &["--name", FIRST, "--name", THIRD]]
    {
        let command = [&["migrate-down", "--env", "staging"], args].concat();
        transcript += &format!("{}\n", fixture.run(&command).await.exited_with(2));
        fixture.run([&command[..], &["--dry-run"]].concat()).await.succeeded();
    }
    assert_snapshot!("reverting_several_scripts_outside_of_development_requires_yes", transcript);
    fixture.run(["migrate-down", "--env", "staging"]).await.succeeded();
    fixture.run(["migrate-down", "--env", "staging", "--all", "--yes"]).await.succeeded();
}

#[tokio::test]
async fn an_interrupted_script_stays_interrupted_when_its_file_gets_a_transaction_and_fails() {
    let db = TestDatabase::empty().await;
    let first = || sql(FIRST, ["CREATE TABLE a (id int)", "CREATE TABLE b (id int)"]);
    let fails = ["DROP TABLE a", "SELECT 1 / 0", "DROP TABLE b"];
    let fixture = Fixture::with_scripts(db.url(), [first().down(fails).no_transaction()]);
    fixture.run(["migrate-up"]).await.succeeded();
    fixture.run(["migrate-down"]).await.exited_with(1);
    let in_transaction = Fixture::with_scripts(db.url(), [first().down(fails).changed()]);
    let down = in_transaction.run(["migrate-down"]).await.exited_with(1);
    down.stderr_contains(["table \"a\" does not exist"]);
    in_transaction.run(["migrate-status"]).await.succeeded().stdout_contains(["1 interrupted"]);
    in_transaction.run(["migrate-up"]).await.exited_with(1).stderr_contains([FIRST]);
    let corrected = [sql(FIRST, ["SELECT 1"]).down(["DROP TABLE b"]).changed()];
    let corrected = Fixture::with_scripts(db.url(), corrected);
    corrected.run(["migrate-down"]).await.succeeded();
    let status = corrected.run(["migrate-status"]).await.succeeded();
    status.output_lacks(["interrupted"]);
}

#[tokio::test]
async fn an_interrupted_script_that_another_tool_recorded_is_settled_by_the_suggested_command() {
    let db = TestDatabase::empty().await;
    let first = sql(FIRST, ["CREATE TABLE a (id int)", "SELECT 1 / 0"]).no_transaction();
    let fixture = Fixture::with_scripts(db.url(), [first]);
    fixture.run(["migrate-up"]).await.exited_with(1);
    let record = format!("INSERT INTO seaql_migrations VALUES ('{FIRST}', 0)");
    execute(db.connection(), &record).await;
    let up = fixture.run(["migrate-up"]).await.succeeded();
    up.stderr_contains([format!(
        "`migrator migrate-repair --applied {FIRST}` accepts it as applied"
    )
    .as_str()]);
    fixture.run(["migrate-repair", "--applied", FIRST]).await.succeeded();
    fixture.run(["migrate-up", "--strict"]).await.succeeded();
}

#[tokio::test]
async fn an_interrupted_script_whose_file_is_missing_can_be_recorded_as_not_applied() {
    let db = TestDatabase::empty().await;
    let first = sql(FIRST, ["CREATE TABLE a (id int)", "SELECT 1 / 0"]).no_transaction();
    Fixture::with_scripts(db.url(), [first]).run(["migrate-up"]).await.exited_with(1);
    let without = Fixture::with_scripts(db.url(), [sql(SECOND, ["SELECT 1"])]);
    without.run(["migrate-repair", "--not-applied", FIRST]).await.succeeded();
    without.run(["migrate-up", "--strict"]).await.succeeded();
}
