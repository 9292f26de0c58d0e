//! Tests that concurrent tests are isolated from each other.

use std::sync::Barrier;

use sea_orm::Database;
use seedbed_testdb::TestDatabase;
use sqlx::postgres::PgListener;

use crate::support::{
    UniqueChecksum, database_name, drop_template, execute, full_schema_project, query_one,
    template_name,
};

const CONCURRENT_TESTS: usize = 8;

#[test]
fn eight_concurrent_tests_see_only_their_own_changes() {
    let project = full_schema_project(&UniqueChecksum::new());
    let barrier = Barrier::new(CONCURRENT_TESTS);
    let test = |n: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let db = TestDatabase::new(&project).await;
            let connection = db.connection();
            let transaction = sea_orm::TransactionTrait::begin(connection).await.expect("one session");
            for sql in [
                format!("INSERT INTO shops (id, name) VALUES (1, 'test {n}')"),
                format!("SELECT setval('other.counter', {})", 1000 + n),
                format!("ALTER TABLE tags ADD COLUMN mine int DEFAULT {n}"),
                "INSERT INTO tags (name) VALUES ('x')".to_owned(),
                format!("CREATE TEMP TABLE scratch AS SELECT {n} AS n"),
                format!("SET app.mine = '{n}'"),
                "SELECT pg_advisory_xact_lock(7)".to_owned(),
            ] {
                execute(&transaction, &sql).await;
            }
            transaction.commit().await.expect("the transaction ends");
            let other = Database::connect(db.url()).await.expect("a second session");
            execute(&other, "SELECT pg_advisory_lock(8)").await;
            let mut listening = PgListener::connect(db.url()).await.expect("a third session");
            listening.listen("news").await.expect("the connection listens");

            // From here on, every test has written its changes.
            barrier.wait();

            execute(&other, &format!("NOTIFY news, '{n}'")).await;
            let notification = listening.recv().await.expect("a notification");
            assert_eq!(notification.payload(), n.to_string());

            let name: String = query_one(connection, "SELECT string_agg(name, ',') FROM shops").await;
            assert_eq!(name, format!("test {n}"));
            assert_eq!(query_one::<i64>(&other, "SELECT last_value FROM other.counter").await, 1000 + n as i64);
            assert_eq!(query_one::<i32>(&other, "SELECT mine FROM tags").await, n as i32);
            let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 8 AND \
                database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            assert_eq!(query_one::<i64>(&other, locks).await, 1, "each test has its own advisory lock");
            let sessions = "SELECT count(DISTINCT datname) FROM pg_stat_activity \
                WHERE datname = current_database()";
            assert_eq!(query_one::<i64>(&other, sessions).await, 1);
            // No test ends before every test has checked, because a reset instance could be acquired again.
            barrier.wait();
            other.close().await.expect("the connection closes");
            database_name(&db).to_owned()
        })
    };
    let names: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONCURRENT_TESTS).map(|n| scope.spawn(move || test(n))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("the thread does not panic"))
            .collect()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let db = TestDatabase::new(&project).await;
        assert_eq!(query_one::<i64>(db.connection(), "SELECT count(*) FROM shops").await, 0);
        let template = template_name(&db).await;
        drop(db);
        drop_template(&template).await;
    });
    let distinct: std::collections::HashSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), CONCURRENT_TESTS, "each test has its own database: {names:?}");
}
