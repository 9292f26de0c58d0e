//! Tests of tests that share an instance, each in a transaction that is rolled back.

use sea_orm::TransactionTrait as _;
use seedbed_testdb::TestTransaction;

use crate::support::{
    UniqueChecksum, admin_connection, drop_template, execute, full_schema_project, query_one,
    wait_until,
};

/// Returns the database that the transaction is in, and the name of its template.
async fn database_and_template(test: &TestTransaction) -> (String, String) {
    let name: String = query_one(test.connection(), "SELECT current_database()::text").await;
    let sql = format!("SELECT template FROM seedbed_testdb.databases WHERE name = '{name}'");
    (name, query_one(&admin_connection().await, &sql).await)
}

#[tokio::test]
async fn two_concurrent_transactions_share_a_database_and_see_only_their_own_rows() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (first, other) =
        (TestTransaction::new(&project).await, TestTransaction::new(&project).await);
    let (database, template) = database_and_template(&first).await;
    assert_eq!(database_and_template(&other).await.0, database);
    execute(first.connection(), "INSERT INTO shops (name) VALUES ('a')").await;
    assert_eq!(query_one::<i64>(other.connection(), "SELECT count(*) FROM shops").await, 0);
    drop(first);
    let next = TestTransaction::new(&project).await;
    assert_eq!(query_one::<i64>(next.connection(), "SELECT count(*) FROM shops").await, 0);
    assert_eq!(database_and_template(&next).await.0, database, "the database is used again");
    drop((other, next));
    drop_template(&template).await;
}

#[tokio::test]
async fn nine_concurrent_transactions_do_not_wait_for_each_other() {
    let project = full_schema_project(&UniqueChecksum::new());
    let mut tests = Vec::new();
    for n in 0..9 {
        let test = TestTransaction::new(&project).await;
        execute(test.connection(), &format!("INSERT INTO shops (name) VALUES ('{n}')")).await;
        assert_eq!(query_one::<i64>(test.connection(), "SELECT count(*) FROM shops").await, 1);
        tests.push(test);
    }
    let (database, template) = database_and_template(&tests[0]).await;
    assert_eq!(database_and_template(&tests[8]).await.0, database);
    drop(tests);
    drop_template(&template).await;
}

#[tokio::test]
async fn deleted_seeds_are_restored_by_the_rollback() {
    let project = full_schema_project(&UniqueChecksum::new());
    let test = TestTransaction::with_seeds(&project, "test").await;
    execute(test.connection(), "DELETE FROM tags").await;
    let template = database_and_template(&test).await.1;
    drop(test);
    let test = TestTransaction::with_seeds(&project, "test").await;
    assert_eq!(query_one::<i64>(test.connection(), "SELECT count(*) FROM tags").await, 3);
    drop(test);
    drop_template(&template).await;
}

#[tokio::test]
async fn a_nested_transaction_is_a_savepoint() {
    let project = full_schema_project(&UniqueChecksum::new());
    let test = TestTransaction::new(&project).await;
    let inner = test.connection().begin().await.expect("a savepoint");
    execute(&inner, "INSERT INTO shops (name) VALUES ('a')").await;
    inner.commit().await.expect("the transaction ends");
    assert_eq!(query_one::<i64>(test.connection(), "SELECT count(*) FROM shops").await, 1);
    let template = database_and_template(&test).await.1;
    drop(test);
    let test = TestTransaction::new(&project).await;
    assert_eq!(query_one::<i64>(test.connection(), "SELECT count(*) FROM shops").await, 0);
    drop(test);
    drop_template(&template).await;
}

#[tokio::test]
async fn a_session_keeps_no_state_of_the_previous_test() {
    let project = full_schema_project(&UniqueChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = database_and_template(&test).await.1;
    execute(test.connection(), "SELECT pg_advisory_lock(42); SET search_path = other").await;
    execute(test.connection(), "CREATE TEMP TABLE scratch (); PREPARE mine AS SELECT 1").await;
    // A transaction that has failed is rolled back as well.
    let failed =
        sea_orm::ConnectionTrait::execute_unprepared(test.connection(), "SELECT 1/0").await;
    assert!(failed.is_err());
    drop(test);
    let test = TestTransaction::new(&project).await;
    let seen: String = query_one(
        test.connection(),
        "SELECT concat_ws(' ', current_setting('search_path'), to_regclass('scratch') IS NULL, \
         (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM pg_locks \
         WHERE locktype = 'advisory' AND pid = pg_backend_pid()))",
    )
    .await;
    assert_eq!(seen, "\"$user\", public t 0 0");
    drop(test);
    drop_template(&template).await;
}

/// Returns whether the end of the test panics, which is the case if its transaction was committed.
fn end_panics(test: TestTransaction) -> bool {
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(test)));
    let Err(output) = ended else { return false };
    let output = output.downcast_ref::<String>().expect("the panic has a message");
    assert!(output.contains("`TestDatabase::new`"), "{output}");
    true
}

#[tokio::test]
async fn a_test_that_commits_fails_and_leaves_no_rows_for_the_next_one() {
    let project = full_schema_project(&UniqueChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = database_and_template(&test).await.1;
    drop(test);
    for sql in [
        "INSERT INTO shops (name) VALUES ('a'); COMMIT; BEGIN",
        "INSERT INTO shops (name) VALUES ('a'); COMMIT",
        "INSERT INTO shops (name) VALUES ('a'); COMMIT AND CHAIN; SELECT 1/0",
        "ROLLBACK; INSERT INTO shops (name) VALUES ('a')",
    ] {
        let test = TestTransaction::new(&project).await;
        // Some of these statements fail, after others have committed.
        let _ = sea_orm::ConnectionTrait::execute_unprepared(test.connection(), sql).await;
        assert!(end_panics(test), "after {sql}");
        let next = TestTransaction::new(&project).await;
        assert_eq!(
            query_one::<i64>(next.connection(), "SELECT count(*) FROM shops").await,
            0,
            "{sql}"
        );
    }
    drop_template(&template).await;
}

#[tokio::test]
async fn a_test_does_not_fail_because_another_one_has_committed() {
    let project = full_schema_project(&UniqueChecksum::new());
    let innocent = TestTransaction::new(&project).await;
    let template = database_and_template(&innocent).await.1;
    let guilty = TestTransaction::new(&project).await;
    execute(guilty.connection(), "INSERT INTO shops (name) VALUES ('a'); COMMIT").await;
    assert!(end_panics(guilty));
    assert!(!end_panics(innocent));
    drop_template(&template).await;
}

#[tokio::test]
async fn a_session_that_ends_after_a_commit_leaves_no_rows_for_the_next_test() {
    let project = full_schema_project(&UniqueChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = database_and_template(&test).await.1;
    for sql in [
        "INSERT INTO shops (name) VALUES ('a'); COMMIT",
        "SELECT pg_terminate_backend(pg_backend_pid())",
    ] {
        let _ = sea_orm::ConnectionTrait::execute_unprepared(test.connection(), sql).await;
    }
    // While the session ends, the server still reports the commit. After that, it no longer does.
    let _ = end_panics(test);
    let next = TestTransaction::new(&project).await;
    assert_eq!(query_one::<i64>(next.connection(), "SELECT count(*) FROM shops").await, 0);
    drop(next);
    drop_template(&template).await;
}

#[tokio::test]
async fn resetting_all_settings_does_not_count_as_a_commit() {
    let project = full_schema_project(&UniqueChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = database_and_template(&test).await.1;
    execute(test.connection(), "RESET ALL").await;
    assert!(!end_panics(test));
    drop_template(&template).await;
}

#[tokio::test]
async fn an_abandoned_statement_does_not_delay_the_end_of_the_test() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (first, second) =
        (TestTransaction::new(&project).await, TestTransaction::new(&project).await);
    let template = database_and_template(&first).await.1;
    let insert = "INSERT INTO \"Odd \"\"Name\"\"\" VALUES (1)";
    execute(first.connection(), insert).await;
    let pid: i32 = query_one(second.connection(), "SELECT pg_backend_pid()").await;
    let admin = admin_connection().await;
    let waits = format!("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)");
    tokio::select! {
        () = execute(second.connection(), insert) => panic!("the insert does not wait for the first transaction"),
        () = wait_until(&admin, "not waiting for the first transaction", &waits) => {}
    }
    // The second transaction ends first, because it waits for a lock of the first one.
    drop(second);
    drop(first);
    drop_template(&template).await;
}
