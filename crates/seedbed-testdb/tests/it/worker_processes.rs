//! The workers: what other tests run in processes of their own.

use seedbed_testdb::{TestDatabase, TestTransaction};

use crate::support::{forget, name_of, one, project, run, runs, settings, template_of};

fn checksum() -> String {
    std::env::var("TESTDB_CHECKSUM").expect("set by the test")
}

/// Until the test lets it go on, or kills it.
fn wait() {
    std::io::stdin().lines().next();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn takes_a_database_and_waits() {
    let project = project(&checksum());
    let db = TestDatabase::new(&project).await;
    println!("runs {}", runs(&project));
    println!("rows {}", one::<i64>(db.connection(), "SELECT count(*) FROM things").await);
    println!("database {}", name_of(&db));
    println!("url {}", db.url());
    wait();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn reads_what_a_migration_has_set() {
    let db = TestDatabase::new(&settings(&checksum())).await;
    let sql = "SELECT concat_ws('|', current_setting('work_mem'), current_setting('search_path'), \
        current_setting('default_text_search_config'), shobj_description(oid, 'pg_database'), \
        (SELECT string_agg(privilege_type, ',' ORDER BY 1) FROM aclexplode(datacl) WHERE grantee = 0)) \
        FROM pg_database WHERE datname = current_database()";
    println!("values {}", one::<String>(db.connection(), sql).await);
    println!("superuser {}", one::<String>(db.connection(), "SHOW is_superuser").await);
    wait();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn writes_a_row_and_waits() {
    let db = TestDatabase::new(&project(&checksum())).await;
    run(db.connection(), "INSERT INTO things VALUES (1)").await;
    println!("database {}", name_of(&db));
    wait();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn takes_a_database_after_a_transaction() {
    let project = project(&checksum());
    drop(TestTransaction::new(&project).await);
    let db = TestDatabase::new(&project).await;
    println!("rows {}", one::<i64>(db.connection(), "SELECT count(*) FROM things").await);
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn begins_a_transaction_while_it_has_a_database() {
    let project = project(&checksum());
    let db = TestDatabase::new(&project).await;
    let ends = async {
        tokio::task::yield_now().await;
        drop(db);
    };
    let (test, ()) = tokio::join!(TestTransaction::new(&project), ends);
    println!("rows {}", one::<i64>(test.connection(), "SELECT count(*) FROM things").await);
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn takes_a_database_before_and_after_its_template_is_dropped() {
    let project = project(&checksum());
    let db = TestDatabase::new(&project).await;
    let template = template_of(&db).await;
    drop(db);
    forget(&template).await;
    let db = TestDatabase::new(&project).await;
    println!("runs {}", runs(&project));
    drop(db);
    forget(&template).await;
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn panics() {
    let db = TestDatabase::new(&project(&checksum())).await;
    println!("database {}", name_of(&db));
    panic!("as it should");
}

/// As many tests as TESTDB_TESTS says, at once, each with all the connections that it may have.
#[test]
#[ignore = "a worker of the other tests"]
fn runs_many_tests_at_once() {
    let tests: usize = std::env::var("TESTDB_TESTS").expect("set").parse().expect("a number");
    let project = project(&checksum());
    let test = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let db = TestDatabase::new(&project).await;
            let slow = || one::<i32>(db.connection(), "SELECT 1 FROM pg_sleep(0.02)");
            tokio::join!(slow(), slow(), slow(), slow());
        });
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..tests).map(|_| scope.spawn(test)).collect();
        let failed = threads.into_iter().filter_map(|thread| thread.join().err()).count();
        assert_eq!(failed, 0);
    });
    println!("passed {tests}");
}
