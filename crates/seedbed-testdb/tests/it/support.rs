//! Projects, queries, and worker processes for the tests of this crate.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TryGetable};
use seedbed_engine::prelude::{Result, Schema};
use seedbed_engine::{BoxFuture, Project, Script};
use seedbed_testdb::TestDatabase;
use test_support::Deadline;

/// The names of the migrations that ran in this process.
static EXECUTED_MIGRATIONS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Returns how often the migration of the given project ran in this process. Its name is also the name of its file.
pub(crate) fn migration_runs(project: &Project) -> usize {
    let executed = EXECUTED_MIGRATIONS.lock().expect("no holder of the lock panicked");
    executed.iter().filter(|name| project.migrations[0].file() == *name).count()
}

fn up<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move {
        EXECUTED_MIGRATIONS
            .lock()
            .expect("no holder of the lock panicked")
            .push(schema.name().to_string());
        schema.execute("CREATE TABLE things (id int PRIMARY KEY)").await?;
        if std::env::var_os("TESTDB_BLOCK_MIGRATION").is_some() {
            println!("migration blocked");
            schema.execute("SELECT pg_sleep(600)").await?;
        }
        Ok(())
    })
}

fn up_full_schema<'a>(schema: &'a Schema<'a>) -> BoxFuture<'a, Result> {
    Box::pin(async move { schema.execute(include_str!("full_schema.sql")).await })
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
    vec![&*Box::leak(Box::new(Script::from_functions(name, name, checksum, up)))].leak()
}

/// Returns a project with one migration, whose file has the given checksum.
pub(crate) fn project(checksum: &str) -> Project {
    Project { migrations: script(checksum, up), seeds: &[] }
}

/// Returns a project whose database does not count writes.
pub(crate) fn uncounted_project(checksum: &str) -> Project {
    Project { migrations: script(checksum, up_uncounted), seeds: &[] }
}

/// Returns a project whose migration changes properties that `CREATE DATABASE` does not copy.
pub(crate) fn settings_project(checksum: &str) -> Project {
    Project { migrations: script(checksum, up_with_settings), seeds: &[] }
}

/// Returns a project with tables of many kinds, and a seed that fills two of them.
pub(crate) fn full_schema_project(checksum: &str) -> Project {
    let migrations = script(checksum, up_full_schema);
    Project { migrations, seeds: script(&format!("{checksum}_seed"), seed) }
}

/// A checksum for which no earlier run has built a template.
#[derive(Debug)]
pub(crate) struct UniqueChecksum(String);

impl UniqueChecksum {
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::new_v4().simple().to_string())
    }
}

impl std::ops::Deref for UniqueChecksum {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Returns the first column of the only row.
pub(crate) async fn query_one<T: TryGetable>(connection: &impl ConnectionTrait, sql: &str) -> T {
    let statement = Statement::from_string(DbBackend::Postgres, sql.to_owned());
    let row = connection.query_one_raw(statement).await;
    let row = row.unwrap_or_else(|error| panic!("{sql}: {error}")).expect("one row");
    row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Executes one or more statements.
pub(crate) async fn execute(connection: &impl ConnectionTrait, sql: &str) {
    let executed = connection.execute_unprepared(sql).await;
    executed.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Connects to the database that holds the registry.
pub(crate) async fn admin_connection() -> DatabaseConnection {
    let db = TestDatabase::empty().await;
    let url = db.url().replace(database_name(&db), "postgres");
    Database::connect(url).await.expect("the server runs")
}

/// Returns the name of the database.
pub(crate) fn database_name(db: &TestDatabase) -> &str {
    let path = db.url().split('?').next().expect("a URL");
    path.rsplit('/').next().expect("a path")
}

/// Returns whether the server has a database with the given name.
pub(crate) async fn database_exists(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    query_one::<i64>(admin, &sql).await == 1
}

/// Returns whether the instance is free, or dropped, so that no effects of the last test remain.
pub(crate) async fn is_reset(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT FROM seedbed_testdb.databases \
         WHERE name = '{name}' AND NOT (ready AND owner IS NULL))"
    );
    query_one(admin, &sql).await
}

/// Returns the owner of the database, which may have been killed.
pub(crate) async fn read_owner(admin: &DatabaseConnection, name: &str) -> i64 {
    query_one(admin, &format!("SELECT owner FROM seedbed_testdb.databases WHERE name = '{name}'"))
        .await
}

/// Waits until the reaper has reset or dropped the database of the given owner.
pub(crate) async fn wait_until_reaped(admin: &DatabaseConnection, name: &str, owner: i64) {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT FROM seedbed_testdb.databases \
         WHERE name = '{name}' AND owner = {owner})"
    );
    wait_until(admin, &format!("{name} belongs to its killed owner"), &sql).await;
}

/// Polls a boolean query until it returns true. `otherwise` describes the state until then.
pub(crate) async fn wait_until(admin: &DatabaseConnection, otherwise: &str, sql: &str) {
    let deadline = Deadline::new();
    while !query_one::<bool>(admin, sql).await {
        deadline.check(|| format!("still {otherwise}: {sql}"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the database is dropped.
pub(crate) async fn wait_until_dropped(admin: &DatabaseConnection, name: &str) {
    let sql = format!("SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')");
    wait_until(admin, &format!("{name} exists"), &sql).await;
}

/// Returns the name of the template that the database was cloned from.
pub(crate) async fn template_name(db: &TestDatabase) -> String {
    let name = database_name(db);
    let sql = format!("SELECT template FROM seedbed_testdb.databases WHERE name = '{name}'");
    query_one(&admin_connection().await, &sql).await
}

/// Drops the template with the given name and its instances, and removes them from the registry.
pub(crate) async fn drop_template(template: &str) {
    let admin = admin_connection().await;
    let sql = format!(
        "SELECT coalesce(string_agg(format('DROP DATABASE IF EXISTS %I WITH (FORCE)', name), ';'), '') \
         FROM seedbed_testdb.databases WHERE name = '{template}' OR template = '{template}'"
    );
    let drops: String = query_one(&admin, &sql).await;
    for drop in drops.split(';').filter(|drop| !drop.is_empty()) {
        execute(&admin, drop).await;
    }
    let sql = format!(
        "DELETE FROM seedbed_testdb.databases WHERE name = '{template}' OR template = '{template}'"
    );
    execute(&admin, &sql).await;
}

/// Starts this program again with one of the workers, which prints the lines that the test reads.
pub(crate) fn spawn_worker(name: &str, checksum: &str, environment: &[(&str, &str)]) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--ignored", "--exact", "--nocapture", &format!("worker_processes::{name}")])
        .env("TESTDB_CHECKSUM", checksum)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Returns the rest of the next line that contains the prefix.
pub(crate) fn read_value(child: &mut Child, prefix: &str) -> String {
    let stdout = child.stdout.as_mut().expect("a pipe");
    loop {
        // The line is read byte by byte, because the next call would miss what a buffered reader has read ahead.
        let mut line = Vec::new();
        let mut byte = [0];
        while stdout.read(&mut byte).expect("a pipe") == 1 && byte != *b"\n" {
            line.push(byte[0]);
        }
        if line.is_empty() && byte != *b"\n" {
            let mut output = String::new();
            child.stderr.as_mut().expect("a pipe").read_to_string(&mut output).expect("text");
            panic!("the worker did not print {prefix:?}: {output}");
        }
        if let Some((_, rest)) = String::from_utf8_lossy(&line).split_once(prefix) {
            return rest.trim().to_owned();
        }
    }
}

/// Lets the worker finish, and checks that it passes.
pub(crate) fn finish(mut child: Child) {
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("the child ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Kills the worker.
pub(crate) fn kill(mut child: Child) {
    child.kill().expect("the child runs");
    child.wait().expect("the child ends");
}
