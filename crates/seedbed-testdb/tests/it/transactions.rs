//! Tests that share an instance, each in a transaction.

use sea_orm::TransactionTrait as _;
use seedbed_testdb::TestTransaction;

use crate::support::{NewChecksum, admin, everything, forget, one, run, until};

/// The database that the transaction is in, and its template.
async fn place(test: &TestTransaction) -> (String, String) {
    let name: String = one(test.connection(), "SELECT current_database()::text").await;
    let sql = format!("SELECT template FROM seedbed_testdb.databases WHERE name = '{name}'");
    (name, one(&admin().await, &sql).await)
}

#[tokio::test]
async fn two_at_once_share_a_database_and_see_only_their_own_rows() {
    let project = everything(&NewChecksum::new());
    let (first, other) =
        (TestTransaction::new(&project).await, TestTransaction::new(&project).await);
    let (database, template) = place(&first).await;
    assert_eq!(place(&other).await.0, database);
    run(first.connection(), "INSERT INTO shops (name) VALUES ('a')").await;
    assert_eq!(one::<i64>(other.connection(), "SELECT count(*) FROM shops").await, 0);
    drop(first);
    let next = TestTransaction::new(&project).await;
    assert_eq!(one::<i64>(next.connection(), "SELECT count(*) FROM shops").await, 0);
    assert_eq!(place(&next).await.0, database, "it is used again");
    drop((other, next));
    forget(&template).await;
}

#[tokio::test]
async fn nine_at_once_do_not_wait_for_each_other() {
    let project = everything(&NewChecksum::new());
    let mut tests = Vec::new();
    for n in 0..9 {
        let test = TestTransaction::new(&project).await;
        run(test.connection(), &format!("INSERT INTO shops (name) VALUES ('{n}')")).await;
        assert_eq!(one::<i64>(test.connection(), "SELECT count(*) FROM shops").await, 1);
        tests.push(test);
    }
    let (database, template) = place(&tests[0]).await;
    assert_eq!(place(&tests[8]).await.0, database);
    drop(tests);
    forget(&template).await;
}

#[tokio::test]
async fn seeds_are_there_and_come_back() {
    let project = everything(&NewChecksum::new());
    let test = TestTransaction::with_seeds(&project, "test").await;
    run(test.connection(), "DELETE FROM tags").await;
    let template = place(&test).await.1;
    drop(test);
    let test = TestTransaction::with_seeds(&project, "test").await;
    assert_eq!(one::<i64>(test.connection(), "SELECT count(*) FROM tags").await, 3);
    drop(test);
    forget(&template).await;
}

#[tokio::test]
async fn a_transaction_in_it_is_a_savepoint() {
    let project = everything(&NewChecksum::new());
    let test = TestTransaction::new(&project).await;
    let inner = test.connection().begin().await.expect("a savepoint");
    run(&inner, "INSERT INTO shops (name) VALUES ('a')").await;
    inner.commit().await.expect("it is released");
    assert_eq!(one::<i64>(test.connection(), "SELECT count(*) FROM shops").await, 1);
    let template = place(&test).await.1;
    drop(test);
    let test = TestTransaction::new(&project).await;
    assert_eq!(one::<i64>(test.connection(), "SELECT count(*) FROM shops").await, 0);
    drop(test);
    forget(&template).await;
}

#[tokio::test]
async fn its_session_is_as_new_for_the_next_test() {
    let project = everything(&NewChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = place(&test).await.1;
    run(test.connection(), "SELECT pg_advisory_lock(42); SET search_path = other").await;
    run(test.connection(), "CREATE TEMP TABLE scratch (); PREPARE mine AS SELECT 1").await;
    // A failed statement ends with the transaction too.
    let failed =
        sea_orm::ConnectionTrait::execute_unprepared(test.connection(), "SELECT 1/0").await;
    assert!(failed.is_err());
    drop(test);
    let test = TestTransaction::new(&project).await;
    let seen: String = one(
        test.connection(),
        "SELECT concat_ws(' ', current_setting('search_path'), to_regclass('scratch') IS NULL, \
         (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM pg_locks \
         WHERE locktype = 'advisory' AND pid = pg_backend_pid()))",
    )
    .await;
    assert_eq!(seen, "\"$user\", public t 0 0");
    drop(test);
    forget(&template).await;
}

/// Whether the end of the transaction panics, as it does if it was committed.
fn end_panics(test: TestTransaction) -> bool {
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(test)));
    let Err(said) = ended else { return false };
    let said = said.downcast_ref::<String>().expect("a text");
    assert!(said.contains("needs a database of its own: `TestDatabase::new`"), "{said}");
    true
}

#[tokio::test]
async fn a_test_that_commits_fails_and_leaves_nothing_to_the_next_one() {
    let project = everything(&NewChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = place(&test).await.1;
    drop(test);
    for sql in [
        "INSERT INTO shops (name) VALUES ('a'); COMMIT; BEGIN",
        "INSERT INTO shops (name) VALUES ('a'); COMMIT",
        "INSERT INTO shops (name) VALUES ('a'); COMMIT AND CHAIN; SELECT 1/0",
        "ROLLBACK; INSERT INTO shops (name) VALUES ('a')",
    ] {
        let test = TestTransaction::new(&project).await;
        // Some of it is meant to fail, after it has committed.
        let _ = sea_orm::ConnectionTrait::execute_unprepared(test.connection(), sql).await;
        assert!(end_panics(test), "after {sql}");
        let next = TestTransaction::new(&project).await;
        assert_eq!(one::<i64>(next.connection(), "SELECT count(*) FROM shops").await, 0, "{sql}");
    }
    forget(&template).await;
}

#[tokio::test]
async fn a_test_is_not_blamed_for_what_another_has_committed() {
    let project = everything(&NewChecksum::new());
    let innocent = TestTransaction::new(&project).await;
    let template = place(&innocent).await.1;
    let guilty = TestTransaction::new(&project).await;
    run(guilty.connection(), "INSERT INTO shops (name) VALUES ('a'); COMMIT").await;
    assert!(end_panics(guilty));
    assert!(!end_panics(innocent));
    forget(&template).await;
}

#[tokio::test]
async fn a_session_that_ends_after_a_commit_leaves_nothing_to_the_next_test() {
    let project = everything(&NewChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = place(&test).await.1;
    for sql in [
        "INSERT INTO shops (name) VALUES ('a'); COMMIT",
        "SELECT pg_terminate_backend(pg_backend_pid())",
    ] {
        let _ = sea_orm::ConnectionTrait::execute_unprepared(test.connection(), sql).await;
    }
    // A session that is still on its way out tells that it has committed; one that is gone does not.
    let _ = end_panics(test);
    let next = TestTransaction::new(&project).await;
    assert_eq!(one::<i64>(next.connection(), "SELECT count(*) FROM shops").await, 0);
    drop(next);
    forget(&template).await;
}

#[tokio::test]
async fn a_test_that_puts_settings_back_has_not_committed() {
    let project = everything(&NewChecksum::new());
    let test = TestTransaction::new(&project).await;
    let template = place(&test).await.1;
    run(test.connection(), "RESET ALL").await;
    assert!(!end_panics(test));
    forget(&template).await;
}

#[tokio::test]
async fn a_statement_that_the_test_has_given_up_on_does_not_hold_its_end_up() {
    let project = everything(&NewChecksum::new());
    let (first, second) =
        (TestTransaction::new(&project).await, TestTransaction::new(&project).await);
    let template = place(&first).await.1;
    let insert = "INSERT INTO \"Odd \"\"Name\"\"\" VALUES (1)";
    run(first.connection(), insert).await;
    let pid: i32 = one(second.connection(), "SELECT pg_backend_pid()").await;
    let admin = admin().await;
    let waits = format!("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)");
    tokio::select! {
        () = run(second.connection(), insert) => panic!("it does not wait for the first one"),
        () = until(&admin, "not waiting for the first one", &waits) => {}
    }
    // The second one ends first: else it would wait for one that ends after it.
    drop(second);
    drop(first);
    forget(&template).await;
}
