//! Tests the messages of the server besides results: COPY, WARNING, NOTICE, notifications. None of them blocks a run.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, sql, wait_until};
use test_support::{assert_snapshot, snapshot};

const FIRST: &str = "m20250101_000001_first";
const COPIES: [&str; 4] = [
    "COPY countries FROM STDIN",
    "COPY countries FROM STDIN;\n1\n2\n\\.\n",
    "/* all */ copy countries (id) from stdin with (format csv)",
    "SELECT 1; COPY (SELECT 1) TO STDOUT",
];

#[tokio::test]
async fn a_copy_from_or_to_the_client_is_an_error_that_names_what_to_use_instead() {
    let mut transcript = String::new();
    for copy in COPIES {
        for script in [
            sql(FIRST, ["CREATE TABLE countries (id int)", copy]),
            sql(FIRST, ["CREATE TABLE countries (id int)", copy]).no_transaction(),
        ] {
            let db = TestDatabase::empty().await;
            let run =
                Fixture::with_scripts(db.url(), [script]).run(["migrate-up"]).await.exited_with(1);
            transcript += &format!("{run}\n");
            let instead =
                if copy.contains("STDOUT") { "Entity::find()" } else { "schema.bulk_insert" };
            run.stderr_contains([instead]);
        }
    }
    assert_snapshot!("a_copy_from_or_to_the_client", transcript);
}

#[tokio::test]
async fn a_copy_in_a_file_of_seaorm_ends_the_run_and_its_session() {
    let mut transcript = String::new();
    for copy in [COPIES[0], COPIES[3]] {
        for script in [
            sql(FIRST, ["CREATE TABLE countries (id int)", copy]).sea_orm(),
            sql(FIRST, ["CREATE TABLE countries (id int)", copy]).sea_orm().no_transaction(),
        ] {
            let db = TestDatabase::empty().await;
            let run =
                Fixture::with_scripts(db.url(), [script]).run(["migrate-up"]).await.exited_with(1);
            transcript += &format!("{run}\n");
            // No session that holds a lock remains.
            let sessions = "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                            AND application_name LIKE 'seedbed%')";
            wait_until(db.connection(), sessions).await;
        }
    }
    assert_snapshot!("a_copy_in_a_file_of_seaorm", transcript);
}

/// A statement for which the server sends a warning and a notice.
const RAISES: &str = "DO $$ BEGIN RAISE WARNING 'kept 3 rows'; RAISE NOTICE 'done'; END $$";

#[tokio::test]
async fn warnings_and_notices_of_the_server_reach_the_user() {
    for script in [
        sql(FIRST, [RAISES]),
        sql(FIRST, [RAISES]).no_transaction(),
        sql(FIRST, [RAISES]).sea_orm(),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [script.clone()]);
        let run = fixture.run(["migrate-up"]).await.succeeded();
        let run = run
            .stderr_matches(snapshot!("warnings_and_notices_of_the_server_reach_the_user"))
            .output_lacks(["done"]);
        assert_eq!(run.stderr.matches("kept 3 rows").count(), 1, "{run}");

        let db = TestDatabase::empty().await;
        let run = Fixture::with_scripts(db.url(), [script.clone()])
            .run(["migrate-up", "-v"])
            .await
            .succeeded();
        run.stderr_contains([&format!("notice: {FIRST}: done\n")]);

        let db = TestDatabase::empty().await;
        let run = Fixture::with_scripts(db.url(), [script])
            .run(["migrate-up", "--json"])
            .await
            .succeeded();
        let document = run.json();
        assert_eq!(document["warnings"][0], format!("{FIRST}: kept 3 rows"));
        let notice = serde_json::json!({ "name": FIRST, "severity": "notice", "message": "done" });
        assert_eq!(document["notices"][1], notice, "{document}");
    }
}

#[tokio::test]
async fn warnings_of_a_script_that_fails_reach_the_user_too() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [sql(FIRST, [RAISES, "SELECT 1 / 0"])]);
    fixture
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("warnings_of_a_script_that_fails_reach_the_user_too"));
    let document = fixture.run(["migrate-up", "--json"]).await.exited_with(1).json();
    assert_eq!(document["warnings"][0], format!("{FIRST}: kept 3 rows"), "{document}");
}

#[tokio::test]
async fn notifications_and_changed_settings_do_not_disturb_a_run() {
    let statements = [
        "LISTEN channel",
        "NOTIFY channel, 'a'",
        "SET client_min_messages = debug5",
        "SET application_name = 'another'",
        "CREATE TABLE first (id int)",
        "NOTIFY channel, 'b'",
        "",
        ";",
    ];
    // The SeaORM file has only the first six statements, without the empty ones.
    for script in [sql(FIRST, statements), sql(FIRST, &statements[..6]).no_transaction().sea_orm()]
    {
        let db = TestDatabase::empty().await;
        Fixture::with_scripts(db.url(), [script]).run(["migrate-up"]).await.succeeded();
    }
}
