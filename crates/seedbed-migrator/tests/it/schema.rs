//! Tests that `schema` prints a schema, compares two schemas, and leaves no database behind.

use rustix::process::Signal;
use seedbed_testdb::TestDatabase;
use serde_json::json;
use tempfile::tempdir;

use test_fixture::{Fixture, RunningProcess, connect, execute, text, wait_until};
use test_support::{TestServer, assert_snapshot, snapshot};

use crate::support::{SECRET, assert_refused};

const VALID_SQL: &str = "\nCREATE TABLE public.m20250101_000002_two ();\n";

/// Returns the number of temporary databases that the process has left behind.
pub(crate) async fn count_temporary_databases(db: &TestDatabase, pid: u32) -> String {
    let sql = format!(
        "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'seedbed\\_temporary\\_{pid}\\_%'"
    );
    text(db.connection(), &sql).await
}

#[tokio::test]
async fn loading_the_schema_file_gives_the_schema_of_the_migrations() {
    let db = TestDatabase::empty().await;
    let folder = tempdir().expect("a folder");
    let plain = Fixture::new("plain", db.url()).folder(folder.path());
    let sql = plain.run(["schema", "migrations"]).await.succeeded().stdout;
    assert!(sql.contains("CREATE TABLE public.m20250101_000004_four"), "{sql}");
    assert!(!sql.contains("seaql_migrations"), "{sql}");
    std::fs::write(folder.path().join("schema.sql"), &sql).expect("a writable folder");

    let same = plain.run(["schema", "--diff", "schema.sql", "migrations"]).await.succeeded();
    assert_eq!((same.stdout.as_str(), same.stderr.as_str()), ("", ""));
    // The database itself is unchanged, and the command prints its schema.
    let tables =
        text(db.connection(), "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'");
    assert_eq!(tables.await, "0");
    plain.run(["migrate-up"]).await.succeeded();
    assert_eq!(plain.run(["schema"]).await.succeeded().stdout, sql);
}

#[tokio::test]
async fn a_difference_is_printed_and_ends_with_1() {
    let db = TestDatabase::empty().await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["migrate-up"]).await.succeeded();
    let change =
        "ALTER TABLE m20250101_000002_two ADD color text; DROP TABLE m20250101_000003_three";
    execute(db.connection(), change).await;

    let differs = plain.run(["schema", "--diff", db.url(), "migrations"]).await.exited_with(1);
    let lines: Vec<&str> = differs.stdout.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "column color of table public.m20250101_000002_two",
            "- color text",
            "",
            "table public.m20250101_000003_three",
        ]
    );
    assert!(lines[4..].iter().all(|line| line.starts_with("+ ")), "{differs}");
    assert_eq!(differs.stderr, "");

    let differs =
        plain.run(["schema", "--json", "--diff", "migrations", db.url()]).await.exited_with(1);
    assert_eq!(
        differs.json()["changes"][0],
        json!({
            "object": {
                "kind": "table",
                "name": "public.m20250101_000002_two",
                "part": { "kind": "column", "name": "color" },
                "aspect": "definition",
            },
            "before": null,
            "after": "color text",
            "fields": [],
        })
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_loaded_is_reported_with_its_line_and_leaves_no_database() {
    let db = TestDatabase::empty().await;
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("broken.sql");
    std::fs::write(&path, format!("{VALID_SQL}CREATE TABLE public.more (a missing);\n"))
        .expect("ours");
    let running =
        Fixture::new("plain", db.url()).folder(folder.path()).start(["schema", "broken.sql"]);
    let pid = running.pid().as_raw_nonzero().get().unsigned_abs();
    assert_refused(running.wait_with_output().await, 1).stderr_matches(snapshot!(
        "a_file_that_cannot_be_loaded_is_reported_with_its_line_and_leaves_no_database"
    ));
    assert_eq!(count_temporary_databases(&db, pid).await, "0");
}

#[tokio::test]
async fn an_interrupted_diff_leaves_no_database() {
    let db = TestDatabase::empty().await;
    let running = Fixture::new("slow", db.url()).start(["schema", "migrations"]);
    let pid = running.pid().as_raw_nonzero().get().unsigned_abs();
    let sleeps = format!(
        "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
         AND datname LIKE 'seedbed\\_temporary\\_{pid}\\_%')"
    );
    wait_until(db.connection(), &sleeps).await;
    running.signal(Signal::INT);
    let ended = running.wait_with_output().await;
    assert_refused(ended, 130).stderr_contains(["error: interrupted"]);
    assert_eq!(count_temporary_databases(&db, pid).await, "0");
}

#[tokio::test]
async fn a_diff_of_two_databases_needs_no_temporary_database() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    execute(one.connection(), "CREATE TABLE t (a int)").await;
    let plain = Fixture::without_database("plain");
    let differs = plain.run(["schema", "--diff", one.url(), other.url()]).await.exited_with(1);
    assert_snapshot!("a_diff_needs_a_server_only_for_migrations_and_files_2", differs.stdout);
    let same = plain.run(["schema", "--diff", one.url(), one.url()]).await.succeeded();
    assert_eq!((same.stdout.as_str(), same.stderr.as_str()), ("", ""));
    plain.run(["schema", one.url()]).await.succeeded().stdout_contains(["CREATE TABLE public.t ("]);

    let needs_a_server: [&[&str]; 3] =
        [&["temporary-database"], &["schema", "migrations"], &["schema", "a.sql"]];
    for args in needs_a_server {
        assert_refused(plain.run(args).await, 2)
            .stderr_matches(snapshot!("a_diff_needs_a_server_only_for_migrations_and_files"));
    }
    assert_refused(plain.run(["schema"]).await, 2).stderr_contains(["`DATABASE_URL` is not set"]);
}

#[tokio::test]
async fn an_object_compared_by_name_differs_if_only_one_side_has_it() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    execute(one.connection(), "CREATE ACCESS METHOD p TYPE INDEX HANDLER bthandler; CREATE ACCESS METHOD q TYPE INDEX HANDLER bthandler").await;
    execute(other.connection(), "CREATE ACCESS METHOD q TYPE INDEX HANDLER bthandler").await;
    let plain = Fixture::new("plain", one.url());
    let differs = plain.run(["schema", "--diff", one.url(), other.url()]).await.exited_with(1);
    assert_snapshot!(
        "an_object_compared_by_name_differs_if_only_one_side_has_it_2",
        differs.stdout
    );
    assert_snapshot!(
        "an_object_compared_by_name_differs_if_only_one_side_has_it_3",
        differs.stderr
    );
    let differs =
        plain.run(["schema", "--json", "--diff", one.url(), other.url()]).await.exited_with(1);
    assert_eq!(
        differs.json(),
        json!({
            "version": 1,
            "changes": [{
                "object": { "kind": "other", "name": "access method p", "aspect": "definition" },
                "before": "-- exists; its definition is not compared",
                "after": null,
                "fields": [],
            }],
            "excluded": [],
            "unsupported": {
                "before": ["access method p", "access method q"],
                "after": ["access method q"],
            },
        })
    );
    execute(other.connection(), "CREATE ACCESS METHOD p TYPE INDEX HANDLER bthandler").await;
    plain.run(["schema", "--diff", one.url(), other.url()]).await.succeeded();
    let output = plain.run(["schema", "--json"]).await.succeeded();
    let output = output
        .stderr_matches(snapshot!("an_object_compared_by_name_differs_if_only_one_side_has_it"));
    assert_eq!(output.json()["unsupported"], json!(["access method p", "access method q"]));
}

#[tokio::test]
async fn the_populated_state_of_a_view_is_compared_except_with_a_file() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    let view = "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one";
    execute(one.connection(), view).await;
    execute(other.connection(), &format!("{view} WITH NO DATA")).await;
    let folder = tempdir().expect("a folder");
    let plain = Fixture::new("plain", one.url()).folder(folder.path());
    let differs = plain.run(["schema", "--diff", one.url(), other.url()]).await.exited_with(1);
    differs.stdout_contains(["populated state of materialized view public.m\n+ "]);
    let written = plain.run(["schema"]).await.succeeded();
    assert_eq!(written.stderr, "");
    std::fs::write(folder.path().join("m.sql"), written.stdout).expect("a writable folder");
    for url in [one.url(), other.url()] {
        plain.run(["schema", "--diff", "m.sql", url]).await.succeeded();
    }
}

#[tokio::test]
async fn objects_in_template1_do_not_count_as_created_by_the_migrations() {
    let server = TestServer::start("");
    let template = connect(&server.url("template1")).await;
    execute(&template, "CREATE TABLE of_the_administrator ()").await;
    template.close().await.expect("the connection closes");
    let plain = Fixture::new("plain", &server.url("postgres"));
    let output = plain.run(["schema", "migrations"]).await.succeeded();
    output.output_lacks(["of_the_administrator"]).stdout_contains(["m20250101_000004_four"]);
}

#[tokio::test]
async fn a_diff_drops_only_the_temporary_databases_that_a_killed_one_left() {
    let db = TestDatabase::empty().await;
    let pid_of = |running: &RunningProcess| running.pid().as_raw_nonzero().get().unsigned_abs();
    let slow = Fixture::new("slow", db.url());
    let (killed, living) =
        (slow.start(["schema", "migrations"]), slow.start(["schema", "migrations"]));
    let (dead, alive) = (pid_of(&killed), pid_of(&living));
    let sessions = |pid: u32| {
        format!("SELECT FROM pg_stat_activity WHERE datname LIKE 'seedbed\\_temporary\\_{pid}\\_%'")
    };
    for pid in [dead, alive] {
        wait_until(
            db.connection(),
            &format!("EXISTS ({} AND wait_event = 'PgSleep')", sessions(pid)),
        )
        .await;
    }
    let lookalike = format!("seedbed_temporary_{dead}_of_mine");
    execute(db.connection(), &format!("CREATE DATABASE {lookalike}")).await;
    let plain = Fixture::new("plain", db.url());

    killed.kill().await;
    // The statement of the killed process is still running, so its database is not dropped.
    plain.run(["schema", "migrations"]).await.succeeded();
    assert_eq!(count_temporary_databases(&db, dead).await, "2", "its database and the lookalike");
    let end = sessions(dead).replace("SELECT", "SELECT pg_terminate_backend(pid)::text");
    text(db.connection(), &end).await;
    let owner = format!("application_name LIKE 'seedbed\\_temporary\\_{dead}\\_%'");
    let all_ended = format!("NOT EXISTS ({} OR {owner})", sessions(dead));
    wait_until(db.connection(), &all_ended).await;

    plain.run(["schema", "migrations"]).await.succeeded();
    let names = format!(
        "SELECT string_agg(datname, ',') FROM pg_database WHERE datname LIKE 'seedbed\\_temporary\\_{dead}\\_%'"
    );
    assert_eq!(text(db.connection(), &names).await, lookalike);
    assert_eq!(count_temporary_databases(&db, alive).await, "1");

    execute(db.connection(), &format!("DROP DATABASE {lookalike}")).await;
    living.signal(Signal::INT);
    assert_refused(living.wait_with_output().await, 130).stderr_contains(["error: interrupted"]);
    assert_eq!(count_temporary_databases(&db, alive).await, "0");
}

#[tokio::test]
async fn invalid_usage_is_reported_without_a_database_and_without_passwords() {
    let fixture = Fixture::without_database("plain");
    let nowhere = format!("postgres://u:{SECRET}@127.0.0.1:1/d");
    let broken = format!("postgres://u:{SECRET}@:x:/d");
    let database = fixture.clone().variable("DATABASE_URL", &nowhere);
    for args in [["schema", "tables"].as_slice(), &["schema", "--diff", &broken, "migrations"]] {
        assert_refused(database.run(args).await, 2);
    }
    assert_refused(database.run(["schema", "--wait", "0", "--diff", &nowhere, "a.sql"]).await, 1);
}
