//! The workers are ignored tests that other tests run in a separate process.

use seedbed_testdb::{TestDatabase, TestTransaction};

use crate::support::{
    database_name, drop_template, execute, migration_runs, project, query_one, settings_project,
    template_name,
};

fn checksum() -> String {
    std::env::var("TESTDB_CHECKSUM").expect("set by the test")
}

/// Blocks until the test lets the worker continue, or kills it.
fn wait_for_test() {
    std::io::stdin().lines().next();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn takes_a_database_and_waits() {
    let project = project(&checksum());
    let db = TestDatabase::new(&project).await;
    println!("runs {}", migration_runs(&project));
    println!("rows {}", query_one::<i64>(db.connection(), "SELECT count(*) FROM things").await);
    println!("database {}", database_name(&db));
    println!("url {}", db.url());
    wait_for_test();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn reads_the_settings_of_a_migration() {
    let db = TestDatabase::new(&settings_project(&checksum())).await;
    let sql = "SELECT concat_ws('|', current_setting('work_mem'), current_setting('search_path'), \
        current_setting('default_text_search_config'), shobj_description(oid, 'pg_database'), \
        (SELECT string_agg(privilege_type, ',' ORDER BY 1) FROM aclexplode(datacl) WHERE grantee = 0)) \
        FROM pg_database WHERE datname = current_database()";
    println!("values {}", query_one::<String>(db.connection(), sql).await);
    println!("superuser {}", query_one::<String>(db.connection(), "SHOW is_superuser").await);
    wait_for_test();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn writes_a_row_and_waits() {
    let db = TestDatabase::new(&project(&checksum())).await;
    execute(db.connection(), "INSERT INTO things VALUES (1)").await;
    println!("database {}", database_name(&db));
    wait_for_test();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn takes_a_database_after_a_transaction() {
    let project = project(&checksum());
    drop(TestTransaction::new(&project).await);
    let db = TestDatabase::new(&project).await;
    println!("rows {}", query_one::<i64>(db.connection(), "SELECT count(*) FROM things").await);
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
    println!("rows {}", query_one::<i64>(test.connection(), "SELECT count(*) FROM things").await);
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn takes_a_database_before_and_after_its_template_is_dropped() {
    let project = project(&checksum());
    let db = TestDatabase::new(&project).await;
    let template = template_name(&db).await;
    drop(db);
    drop_template(&template).await;
    let db = TestDatabase::new(&project).await;
    println!("runs {}", migration_runs(&project));
    drop(db);
    drop_template(&template).await;
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn panics() {
    let db = TestDatabase::new(&project(&checksum())).await;
    println!("database {}", database_name(&db));
    panic!("as it should");
}

/// Runs the number of concurrent tests that `TESTDB_TESTS` gives. Each of them uses all connections that a test may
/// use.
#[test]
#[ignore = "a worker of the other tests"]
fn runs_many_tests_at_once() {
    let tests: usize = std::env::var("TESTDB_TESTS").expect("set").parse().expect("a number");
    let project = project(&checksum());
    let test = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let db = TestDatabase::new(&project).await;
            let slow = || query_one::<i32>(db.connection(), "SELECT 1 FROM pg_sleep(0.02)");
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
