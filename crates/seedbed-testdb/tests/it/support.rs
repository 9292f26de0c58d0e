//! Projects made for a test, queries, and processes.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TryGetable};
use seedbed_engine::prelude::{Result, Schema};
use seedbed_engine::{BoxFuture, Project, Script};
use seedbed_testdb::TestDatabase;
use test_support::Deadline;

/// The migrations that ran in this process.
static RAN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// How often the migration of that project ran in this process.
pub(crate) fn runs(project: &Project) -> usize {
    let ran = RAN.lock().expect("no one panicked");
    ran.iter().filter(|name| project.migrations[0].file() == *name).count()
}

fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move {
        RAN.lock().expect("no one panicked").push(schema.name().to_string());
        schema.execute("CREATE TABLE things (id int PRIMARY KEY)").await?;
        if std::env::var_os("TESTDB_STUCK").is_some() {
            println!("stuck");
            schema.execute("SELECT pg_sleep(600)").await?;
        }
        Ok(())
    })
}

fn up_with_everything<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move { schema.execute(include_str!("everything.sql")).await })
}

fn up_uncounted<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move {
        let sql = "CREATE TABLE things (id int PRIMARY KEY); DO $$ BEGIN EXECUTE format('ALTER DATABASE \
            %I SET track_counts = off', current_database()); END $$";
        schema.execute(sql).await
    })
}

fn up_with_settings<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move {
        let sql = "CREATE TABLE things (id int PRIMARY KEY); DO $do$ DECLARE db text := current_database(); \
            BEGIN EXECUTE format($$ALTER DATABASE %I SET work_mem = '5MB'$$, db); \
            EXECUTE format($$ALTER DATABASE %I SET search_path = things, \"$user\", public$$, db); \
            EXECUTE format($$ALTER ROLE %I IN DATABASE %I SET default_text_search_config = 'pg_catalog.dutch'$$, current_user, db); \
            EXECUTE format($$COMMENT ON DATABASE %I IS 'for tests'$$, db); \
            EXECUTE format($$REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC$$, db); END $do$";
        schema.execute(sql).await
    })
}

fn seed<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move {
        let sql = "INSERT INTO shops (name, plan) VALUES ('Seeded', 'pro'), ('Second', 'free'); \
            INSERT INTO tags (name) SELECT 'tag ' || n FROM generate_series(0, 3) n; \
            DELETE FROM tags WHERE name = 'tag 0!'; UPDATE shops SET plan = 'pro' WHERE plan = 'pro'";
        schema.execute(sql).await
    })
}

fn script(
    checksum: &str,
    up: for<'a> fn(&'a Schema<'a>) -> BoxFuture<'a, Result>,
) -> &'static [&'static Script] {
    let checksum: &'static str = checksum.to_owned().leak();
    let name: &'static str = format!("m20250101_000000_{checksum}").leak();
    vec![&*Box::leak(Box::new(Script::functions(name, name, checksum, up)))].leak()
}

/// A project of one migration, whose file has that checksum.
pub(crate) fn project(checksum: &str) -> Project {
    Project { migrations: script(checksum, up), seeds: &[] }
}

/// A project whose database does not count what is written.
pub(crate) fn uncounted(checksum: &str) -> Project {
    Project { migrations: script(checksum, up_uncounted), seeds: &[] }
}

/// A project whose migration changes what CREATE DATABASE does not copy.
pub(crate) fn settings(checksum: &str) -> Project {
    Project { migrations: script(checksum, up_with_settings), seeds: &[] }
}

/// A project with tables of many kinds, and a seed that fills two of them.
pub(crate) fn everything(checksum: &str) -> Project {
    let migrations = script(checksum, up_with_everything);
    Project { migrations, seeds: script(&format!("{checksum}_seed"), seed) }
}

/// A checksum that no earlier run has made a template for. What is made for it goes with it.
#[derive(Debug)]
pub(crate) struct NewChecksum(String);

impl NewChecksum {
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::new_v4().simple().to_string())
    }
}

impl std::ops::Deref for NewChecksum {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

pub(crate) async fn one<T: TryGetable>(connection: &impl ConnectionTrait, sql: &str) -> T {
    let statement = Statement::from_string(DbBackend::Postgres, sql.to_owned());
    let row = connection.query_one_raw(statement).await;
    let row = row.unwrap_or_else(|error| panic!("{sql}: {error}")).expect("one row");
    row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub(crate) async fn run(connection: &impl ConnectionTrait, sql: &str) {
    let done = connection.execute_unprepared(sql).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The server's database in which the records are.
pub(crate) async fn admin() -> DatabaseConnection {
    let db = TestDatabase::empty().await;
    let url = db.url().replace(name_of(&db), "postgres");
    Database::connect(url).await.expect("the server runs")
}

pub(crate) fn name_of(db: &TestDatabase) -> &str {
    let path = db.url().split('?').next().expect("a URL");
    path.rsplit('/').next().expect("a path")
}

pub(crate) async fn exists(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    one::<i64>(admin, &sql).await == 1
}

/// Whether that instance waits for the next test, or is gone: nothing of the last test is left.
pub(crate) async fn is_put_back(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT FROM seedbed_testdb.databases \
         WHERE name = '{name}' AND NOT (ready AND owner IS NULL))"
    );
    one(admin, &sql).await
}

/// Who has that database, be it one who was killed.
pub(crate) async fn owner_of(admin: &DatabaseConnection, name: &str) -> i64 {
    one(admin, &format!("SELECT owner FROM seedbed_testdb.databases WHERE name = '{name}'")).await
}

/// Waits until what an owner left has been put back or dropped; the next test may have it then.
pub(crate) async fn until_swept(admin: &DatabaseConnection, name: &str, owner: i64) {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT FROM seedbed_testdb.databases \
         WHERE name = '{name}' AND owner = {owner})"
    );
    until(admin, &format!("{name} is as it was left"), &sql).await;
}

/// Asks the boolean query again and again until it says true.
pub(crate) async fn until(admin: &DatabaseConnection, otherwise: &str, sql: &str) {
    let deadline = Deadline::new();
    while !one::<bool>(admin, sql).await {
        deadline.check(|| format!("still {otherwise}: {sql}"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until that database is gone.
pub(crate) async fn until_dropped(admin: &DatabaseConnection, name: &str) {
    let sql = format!("SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')");
    until(admin, &format!("{name} is there"), &sql).await;
}

/// The name of the template that it was cloned from.
pub(crate) async fn template_of(db: &TestDatabase) -> String {
    let name = name_of(db);
    let sql = format!("SELECT template FROM seedbed_testdb.databases WHERE name = '{name}'");
    one(&admin().await, &sql).await
}

/// Drops the template of that database, its instances and their records.
pub(crate) async fn forget(template: &str) {
    let admin = admin().await;
    let sql = format!(
        "SELECT coalesce(string_agg(format('DROP DATABASE IF EXISTS %I WITH (FORCE)', name), ';'), '') \
         FROM seedbed_testdb.databases WHERE name = '{template}' OR template = '{template}'"
    );
    let drops: String = one(&admin, &sql).await;
    for drop in drops.split(';').filter(|drop| !drop.is_empty()) {
        run(&admin, drop).await;
    }
    let sql = format!(
        "DELETE FROM seedbed_testdb.databases WHERE name = '{template}' OR template = '{template}'"
    );
    run(&admin, &sql).await;
}

/// This program again, with one of the workers; its words come line by line.
pub(crate) fn worker(name: &str, checksum: &str, environment: &[(&str, &str)]) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--ignored", "--exact", "--nocapture", &format!("workers::{name}")])
        .env("TESTDB_CHECKSUM", checksum)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

/// The rest of the next line that has that word.
pub(crate) fn word(child: &mut Child, begin: &str) -> String {
    let stdout = child.stdout.as_mut().expect("it is piped");
    loop {
        // Byte by byte: what a reader would have read ahead is lost for the next call.
        let mut line = Vec::new();
        let mut byte = [0];
        while stdout.read(&mut byte).expect("a pipe") == 1 && byte != *b"\n" {
            line.push(byte[0]);
        }
        if line.is_empty() && byte != *b"\n" {
            let mut said = String::new();
            child.stderr.as_mut().expect("it is piped").read_to_string(&mut said).expect("text");
            panic!("the worker has not said {begin:?}, but: {said}");
        }
        if let Some((_, rest)) = String::from_utf8_lossy(&line).split_once(begin) {
            return rest.trim().to_owned();
        }
    }
}

/// Lets the worker go on to its end, which is that of a test that passes.
pub(crate) fn end(mut child: Child) {
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

pub(crate) fn kill(mut child: Child) {
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}
