//! Eight tests at once do the same, and each sees only its own.

use std::sync::Barrier;

use sea_orm::Database;
use seedbed_testdb::TestDatabase;
use sqlx::postgres::PgListener;

use crate::support::{NewChecksum, everything, forget, name_of, one, run, template_of};

const AT_ONCE: usize = 8;

#[test]
fn eight_tests_at_once_see_only_their_own() {
    let project = everything(&NewChecksum::new());
    let all_have_written = Barrier::new(AT_ONCE);
    let test = |n: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let db = TestDatabase::new(&project).await;
            let here = db.connection();
            let transaction = sea_orm::TransactionTrait::begin(here).await.expect("one session");
            for sql in [
                format!("INSERT INTO shops (id, name) VALUES (1, 'test {n}')"),
                format!("SELECT setval('other.counter', {})", 1000 + n),
                format!("ALTER TABLE tags ADD COLUMN mine int DEFAULT {n}"),
                "INSERT INTO tags (name) VALUES ('x')".to_owned(),
                format!("CREATE TEMP TABLE scratch AS SELECT {n} AS n"),
                format!("SET app.mine = '{n}'"),
                "SELECT pg_advisory_xact_lock(7)".to_owned(),
            ] {
                run(&transaction, &sql).await;
            }
            transaction.commit().await.expect("it commits");
            let other = Database::connect(db.url()).await.expect("a second session");
            run(&other, "SELECT pg_advisory_lock(8)").await;
            let mut listening = PgListener::connect(db.url()).await.expect("a third session");
            listening.listen("news").await.expect("it listens");

            all_have_written.wait();

            run(&other, &format!("NOTIFY news, '{n}'")).await;
            let heard = listening.recv().await.expect("a notification");
            assert_eq!(heard.payload(), n.to_string());

            let name: String = one(here, "SELECT string_agg(name, ',') FROM shops").await;
            assert_eq!(name, format!("test {n}"));
            assert_eq!(one::<i64>(&other, "SELECT last_value FROM other.counter").await, 1000 + n as i64);
            assert_eq!(one::<i32>(&other, "SELECT mine FROM tags").await, n as i32);
            let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 8 AND \
                database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            assert_eq!(one::<i64>(&other, locks).await, 1, "the lock of every test is its own");
            let sessions = "SELECT count(DISTINCT datname) FROM pg_stat_activity \
                WHERE datname = current_database()";
            assert_eq!(one::<i64>(&other, sessions).await, 1);
            all_have_written.wait();
            other.close().await.expect("it closes");
            name_of(&db).to_owned()
        })
    };
    let names: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|n| scope.spawn(move || test(n))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it passes")).collect()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let db = TestDatabase::new(&project).await;
        assert_eq!(one::<i64>(db.connection(), "SELECT count(*) FROM shops").await, 0);
        let template = template_of(&db).await;
        drop(db);
        forget(&template).await;
    });
    let distinct: std::collections::HashSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), AT_ONCE, "each had its own: {names:?}");
}
