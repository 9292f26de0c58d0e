//! Promise 6: one transaction for a whole run, and one for each script where PostgreSQL refuses that.

use seedbed_testdb::TestDatabase;

use crate::support::{Finished, Fixture, OwnServer, State, connect, execute, text};

/// The run fell back, and says why.
#[track_caller]
fn fell_back(run: Finished, why: &str) -> Finished {
    let said = format!("one transaction for all is not possible ({why}); now one for each script");
    run.said([&said])
}

/// How many transactions wrote the history.
const TRANSACTIONS: &str = "SELECT count(DISTINCT xmin::text)::text FROM seaql_migrations";

#[tokio::test]
async fn a_run_on_an_empty_database_is_one_transaction() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain", db.url());
    fixture.run(["migrate-up"]).await.succeeded().never_said(["one transaction"]);
    assert_eq!(text(db.connection(), TRANSACTIONS).await, "1");
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE TABLE something (id int)").await;
    Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
    assert_eq!(text(db.connection(), TRANSACTIONS).await, "4");
}

#[tokio::test]
async fn an_enum_value_that_is_added_and_used_in_one_run_takes_two_transactions() {
    let mood = "CREATE TYPE mood AS ENUM ('tense')";
    let expected = {
        let db = TestDatabase::empty().await;
        execute(db.connection(), mood).await;
        let fixture = Fixture::new("enum", db.url());
        for _ in 0..3 {
            fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        }
        State::of(db.connection()).await
    };
    let db = TestDatabase::empty().await;
    execute(db.connection(), mood).await;
    let run = Fixture::new("enum", db.url()).run(["migrate-up"]).await.succeeded();
    fell_back(run, "unsafe use of new value \"calm\" of enum type mood");
    assert_eq!(State::of(db.connection()).await, expected);
}

#[tokio::test]
async fn a_table_that_has_pending_trigger_events_is_altered_in_a_transaction_of_its_own() {
    let db = TestDatabase::empty().await;
    let run = Fixture::new("deferred", db.url()).run(["migrate-up"]).await.succeeded();
    fell_back(run, "cannot ALTER TABLE \"children\" because it has pending trigger events");
    let state = State::of(db.connection()).await;
    assert_eq!(state.migrations.len(), 3);
    assert_eq!(state.done.len(), 3);
    assert!(state.rows.contains(&"public.children first".to_owned()), "{:?}", state.rows);
    assert!(state.structure.iter().any(|line| line.starts_with("public.children age")));
    assert_eq!(text(db.connection(), TRANSACTIONS).await, "3");
}

#[tokio::test]
async fn a_commit_of_all_that_fails_is_tried_one_by_one_to_tell_which_script_it_was() {
    let db = TestDatabase::empty().await;
    let run = Fixture::new("deferred_violation", db.url()).run(["migrate-up"]).await.ended_with(1);
    let violates = "insert or update on table \"children\" violates foreign key constraint \
                    \"children_parent_fkey\"";
    fell_back(run, violates).said([
        "1 migration applied before that, and committed",
        &format!("error: m20250101_000002_insert: `up` failed: {violates}"),
        "detail: Key (parent)=(2) is not present in table \"parents\".",
        "it was rolled back, nothing of it remains",
    ]);
    assert_eq!(State::of(db.connection()).await.migrations, ["m20250101_000001_rows"]);
}

#[tokio::test]
async fn more_tables_than_one_transaction_can_lock_take_several() {
    // Room for a few hundred locks; as PostgreSQL comes, it is some thousands.
    let server = OwnServer::start("max_locks_per_transaction = 10\nmax_connections = 10");
    let fixture = Fixture::new("tables_1000", &server.url("many"));
    let run = fixture.run(["fresh-start"]).await.succeeded();
    let run = fell_back(run, "out of shared memory");
    run.printed(["20 migrations applied in "]);
    let connection = connect(&server.url("many")).await;
    for (expected, sql) in [
        ("20", "SELECT count(*)::text FROM seaql_migrations"),
        ("20", "SELECT count(*)::text FROM seedbed_log WHERE result = 'done'"),
        ("1000", "SELECT count(*)::text FROM pg_tables WHERE tablename LIKE 'm2025%'"),
    ] {
        assert_eq!(text(&connection, sql).await, expected, "{sql}");
    }
    fixture.run(["migrate-up"]).await.succeeded().printed(["nothing to do"]);
}

#[tokio::test]
async fn a_schema_that_comes_before_that_of_the_history_does_not_hide_it() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("schema_of_role", db.url());
    fixture.run(["fresh-start"]).await.succeeded();
    for command in ["migrate-up", "seed-up"] {
        fixture.run([command]).await.succeeded().printed(["nothing to do"]);
    }
    let schemas = "SELECT string_agg(DISTINCT schemaname, ' ') FROM pg_tables \
        WHERE tablename IN ('seaql_migrations', 'seaql_seeds', 'seedbed_log')";
    assert_eq!(text(db.connection(), schemas).await, "public");
}

#[tokio::test]
async fn what_an_event_trigger_changes_is_put_back_before_the_next_script() {
    let db = TestDatabase::empty().await;
    Fixture::new("event_trigger", db.url()).run(["migrate-up"]).await.succeeded();
    let schema = "SELECT schemaname FROM pg_tables WHERE tablename = 'm20250101_000003_lands'";
    assert_eq!(text(db.connection(), schema).await, "public");
    assert_eq!(text(db.connection(), TRANSACTIONS).await, "1");
}

#[tokio::test]
async fn a_script_that_ignores_an_error_is_the_one_that_failed() {
    let db = TestDatabase::empty().await;
    let run = Fixture::new("swallows", db.url()).run(["migrate-up"]).await.ended_with(1);
    run.said(["m20250101_000002_swallow: `up` failed: current transaction is aborted"]);
}
