//! Tests that `temporary-database` keeps a database for the process that holds its stdin, until that process ends for
//! any reason.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use seedbed_engine::Url;
use seedbed_testdb::TestDatabase;
use tempfile::tempdir;
use test_fixture::{Fixture, wait_until, within_deadline};
use test_support::clear_environment;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::schema::count_temporary_databases;
use crate::support::assert_refused;

/// Starts the command on the server of the database, with a stdin that stays open.
fn start(project: &str, database: &TestDatabase, arguments: &[&str]) -> Child {
    let mut command = Command::new(Fixture::program());
    clear_environment(command.as_std_mut());
    command.arg("temporary-database").args(arguments);
    command.env("FIXTURE", project).env("DATABASE_URL", database.url());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).spawn().expect("the fixture starts")
}

/// Reads the name of the database that the process prints.
async fn printed_name(child: &mut Child) -> String {
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut name = String::new();
    within_deadline("the name", stdout.read_line(&mut name)).await.expect("a line");
    name.trim_end().to_owned()
}

fn pid(child: &Child) -> u32 {
    child.id().expect("the child runs")
}

#[tokio::test]
async fn the_database_has_the_migrations_until_stdin_ends() {
    let database = TestDatabase::empty().await;
    let mut child = start("plain", &database, &[]);
    let pid = pid(&child);
    let name = printed_name(&mut child).await;
    assert!(name.starts_with(&format!("seedbed_temporary_{pid}_")), "{name}");
    let url = Url::parse(database.url()).expect("a URL").with_database(&name).to_text();
    let plain = Fixture::new("plain", database.url());
    plain.run(["schema", "--diff", &url, "migrations"]).await.succeeded();
    assert_eq!(count_temporary_databases(&database, pid).await, "1");

    drop(child.stdin.take());
    let status = within_deadline("the end", child.wait()).await.expect("a child of this process");
    assert_eq!(status.code(), Some(0));
    assert_eq!(count_temporary_databases(&database, pid).await, "0");
}

#[tokio::test]
async fn the_database_has_what_an_sql_file_creates() {
    let database = TestDatabase::empty().await;
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("schema.sql");
    std::fs::write(&file, "CREATE TABLE public.of_the_file ();").expect("a writable folder");
    let mut child = start("plain", &database, &[file.to_str().expect("UTF-8")]);
    let name = printed_name(&mut child).await;
    let url = Url::parse(database.url()).expect("a URL").with_database(&name).to_text();
    let output = Fixture::without_database("plain").run(["schema", &url]).await.succeeded();
    output.stdout_contains(["CREATE TABLE public.of_the_file ("]);
}

#[tokio::test]
async fn a_stdin_that_ends_during_a_migration_ends_the_command() {
    let database = TestDatabase::empty().await;
    let mut child = start("slow", &database, &[]);
    let pid = pid(&child);
    let sleeps = format!(
        "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
         AND datname LIKE 'seedbed\\_temporary\\_{pid}\\_%')"
    );
    wait_until(database.connection(), &sleeps).await;
    drop(child.stdin.take());
    within_deadline("the end", child.wait()).await.expect("a child of this process");
    assert_eq!(count_temporary_databases(&database, pid).await, "0");
}

#[tokio::test]
async fn an_interrupted_command_drops_the_database() {
    let database = TestDatabase::empty().await;
    let mut child = start("plain", &database, &[]);
    let pid = pid(&child);
    printed_name(&mut child).await;
    // Waiting for the child would close stdin, which ends the command too.
    let _stdin = child.stdin.take();
    let process = Pid::from_raw(pid.cast_signed()).expect("an id is not 0");
    kill_process(process, Signal::INT).expect("the process runs");
    let status = within_deadline("the end", child.wait()).await.expect("a child of this process");
    assert_eq!(status.code(), Some(130));
    assert_eq!(count_temporary_databases(&database, pid).await, "0");
}

#[tokio::test]
async fn a_source_that_cannot_be_loaded_prints_an_error_and_no_name() {
    let database = TestDatabase::empty().await;
    let plain = Fixture::new("plain", database.url());
    let missing = assert_refused(plain.run(["temporary-database", "missing.sql"]).await, 1);
    assert_eq!(missing.stdout, "");
    let url = plain.run(["temporary-database", database.url()]).await;
    let url =
        assert_refused(url, 2).stderr_contains(["not the path of an SQL file or `migrations`"]);
    assert_eq!(url.stdout, "");
}
