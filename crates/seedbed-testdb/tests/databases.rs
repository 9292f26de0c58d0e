//! Templates, instances and leftovers, on the server that `TEST_DATABASE_URL` names.
//!
//! What is killed, or panics, is a process of its own: this program again, with one of the ignored
//! tests that are its workers.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use seedbed_engine::prelude::{Result, Schema};
use seedbed_engine::{BoxFuture, Project, Script};
use seedbed_testdb::TestDatabase;

const PATIENCE: Duration = Duration::from_secs(60);

/// The migrations that ran in this process.
static RAN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// How often the migration of that project ran in this process.
fn runs(project: &Project) -> usize {
    let ran = RAN.lock().expect("no one panicked");
    ran.iter().filter(|name| project.migrations[0].file() == *name).count()
}

fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move {
        RAN.lock().expect("no one panicked").push(schema.name().to_owned());
        schema.execute("CREATE TABLE things (id int PRIMARY KEY)").await?;
        if std::env::var_os("TESTDB_STUCK").is_some() {
            println!("stuck");
            schema.execute("SELECT pg_sleep(600)").await?;
        }
        Ok(())
    })
}

/// A project of one migration, whose file has that checksum.
fn project(checksum: &str) -> Project {
    let checksum: &'static str = checksum.to_owned().leak();
    let name: &'static str = format!("m20250101_000000_{checksum}").leak();
    let script = Script::functions(name, name, checksum, up);
    let scripts: &'static [&'static Script] = vec![&*Box::leak(Box::new(script))].leak();
    Project { migrations: scripts, seeds: &[] }
}

/// A checksum that no earlier run has made a template for.
fn new_checksum() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(DbBackend::Postgres, sql.to_owned());
    let row = connection.query_one_raw(statement).await.expect("the query runs");
    row.expect("one row").try_get("", "count").expect("a number")
}

/// The server's database in which the records are.
async fn admin() -> DatabaseConnection {
    let db = TestDatabase::empty().await;
    let url = db.url().replace(db_name(&db), "postgres");
    Database::connect(url).await.expect("the server runs")
}

fn db_name(db: &TestDatabase) -> &str {
    let path = db.url().split('?').next().expect("a URL");
    path.rsplit('/').next().expect("a path")
}

async fn exists(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    count(admin, &sql).await == 1
}

async fn until_gone(admin: &DatabaseConnection, name: &str) {
    let begun = Instant::now();
    while exists(admin, name).await {
        assert!(begun.elapsed() < PATIENCE, "{name} is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// This program again, with one of the workers; its words come line by line.
fn worker(name: &str, checksum: &str, stuck: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--ignored", "--exact", "--nocapture", name])
        .env("TESTDB_CHECKSUM", checksum)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if stuck {
        command.env("TESTDB_STUCK", "1");
    }
    command.spawn().expect("it starts")
}

/// The rest of the next line that has that word.
fn word(child: &mut Child, begin: &str) -> String {
    let stdout = child.stdout.as_mut().expect("it is piped");
    loop {
        // Byte by byte: what a reader would have read ahead is lost for the next call.
        let mut line = Vec::new();
        let mut byte = [0];
        while stdout.read(&mut byte).expect("a pipe") == 1 && byte != *b"\n" {
            line.push(byte[0]);
        }
        assert!(!line.is_empty() || byte == *b"\n", "the worker has not said {begin:?}");
        if let Some((_, rest)) = String::from_utf8_lossy(&line).split_once(begin) {
            return rest.trim().to_owned();
        }
    }
}

/// Lets the worker go on to its end, which is that of a test that passes.
fn end(mut child: Child) {
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
}

fn kill(mut child: Child) {
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn worker_that_takes_a_database_and_waits() {
    let checksum = std::env::var("TESTDB_CHECKSUM").expect("set by the test");
    let project = project(&checksum);
    let db = TestDatabase::new(&project).await;
    println!("runs {}", runs(&project));
    println!("database {}", db_name(&db));
    std::io::stdin().lines().next();
}

#[tokio::test]
#[ignore = "a worker of the other tests"]
async fn worker_that_panics() {
    let checksum = std::env::var("TESTDB_CHECKSUM").expect("set by the test");
    let db = TestDatabase::new(&project(&checksum)).await;
    println!("database {}", db_name(&db));
    panic!("as it should");
}

#[tokio::test]
async fn the_migrations_run_once_and_each_test_has_its_own_rows() {
    let project = project(&new_checksum());
    let one = TestDatabase::new(&project).await;
    let other = TestDatabase::new(&project).await;
    assert_eq!(runs(&project), 1);
    one.connection().execute_unprepared("INSERT INTO things VALUES (1)").await.expect("a row");
    one.connection().execute_unprepared("CREATE TABLE mine ()").await.expect("a table");
    assert_eq!(count(other.connection(), "SELECT count(*) FROM things").await, 0);
    other.connection().execute_unprepared("CREATE TABLE mine ()").await.expect("its own");
}

#[tokio::test]
async fn a_later_process_uses_the_template_again_until_a_script_is_another_one() {
    let checksum = new_checksum();
    let admin = admin().await;
    for (checksum, runs) in [(&checksum, "1"), (&checksum, "0"), (&new_checksum(), "1")] {
        let mut child = worker("worker_that_takes_a_database_and_waits", checksum, false);
        assert_eq!(word(&mut child, "runs "), runs);
        let name = word(&mut child, "database ");
        assert!(exists(&admin, &name).await);
        end(child);
        assert!(!exists(&admin, &name).await, "a passing test leaves nothing");
    }
}

#[tokio::test]
async fn what_a_killed_process_left_is_dropped_by_the_next_one_and_a_living_ones_is_not() {
    let checksum = new_checksum();
    let mut living = worker("worker_that_takes_a_database_and_waits", &checksum, false);
    let in_use = word(&mut living, "database ");
    let mut killed = worker("worker_that_takes_a_database_and_waits", &checksum, false);
    let left = word(&mut killed, "database ");
    let admin = admin().await;
    kill(killed);
    assert!(exists(&admin, &left).await, "nobody was there to drop it");
    let mut next = worker("worker_that_takes_a_database_and_waits", &checksum, false);
    word(&mut next, "database ");
    until_gone(&admin, &left).await;
    assert!(exists(&admin, &in_use).await);
    end(living);
    end(next);
}

#[tokio::test]
async fn a_template_whose_builder_was_killed_is_never_used() {
    let checksum = new_checksum();
    let mut builder = worker("worker_that_takes_a_database_and_waits", &checksum, true);
    word(&mut builder, "stuck");
    kill(builder);
    let db = TestDatabase::new(&project(&checksum)).await;
    assert_eq!(count(db.connection(), "SELECT count(*) FROM things").await, 0);
    let applied = "SELECT count(*) FROM seaql_migrations";
    assert_eq!(count(db.connection(), applied).await, 1, "the template was built to its end");
}

#[tokio::test]
async fn a_failing_test_keeps_its_database_and_says_how_to_look_at_it() {
    let mut child = worker("worker_that_panics", &new_checksum(), false);
    let name = word(&mut child, "database ");
    let output = child.wait_with_output().expect("it ends");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("is kept for seven days: psql '") && said.contains(&name), "{said}");
    let admin = admin().await;
    assert!(exists(&admin, &name).await);
    let drop = format!("DROP DATABASE {name}");
    admin.execute_unprepared(&drop).await.expect("nobody is in it");
}

#[tokio::test]
async fn a_database_that_only_looks_like_a_leftover_is_left_alone() {
    let admin = admin().await;
    let name = format!("seedbed_test_{}", uuid::Uuid::new_v4().simple());
    let create = format!("CREATE DATABASE {name}");
    admin.execute_unprepared(&create).await.expect("a database without a record");
    let mut next = worker("worker_that_takes_a_database_and_waits", &new_checksum(), false);
    word(&mut next, "database ");
    let mut killed = worker("worker_that_takes_a_database_and_waits", &new_checksum(), false);
    let left = word(&mut killed, "database ");
    kill(killed);
    let mut sweeper = worker("worker_that_takes_a_database_and_waits", &new_checksum(), false);
    word(&mut sweeper, "database ");
    until_gone(&admin, &left).await;
    assert!(exists(&admin, &name).await);
    end(next);
    end(sweeper);
    let drop = format!("DROP DATABASE {name}");
    admin.execute_unprepared(&drop).await.expect("nobody is in it");
}
