//! Tests that the temporary databases are created on the right server and dropped afterwards, and tests the error for a role
//! that may not create them.

use rustix::process::Signal;
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, RunningProcess, connect, execute, sql, wait_until};
use test_support::TestServer;

use crate::schema::count_temporary_databases;

fn pid_of(running: &RunningProcess) -> u32 {
    running.pid().as_raw_nonzero().get().unsigned_abs()
}

/// Returns a project of one migration that can be reverted.
fn clean(url: &str) -> Fixture {
    Fixture::with_scripts(
        url,
        [sql("m20250101_000001_t", ["CREATE TABLE t (a int)"]).down(["DROP TABLE t"])],
    )
}

/// Returns a project whose only migration sleeps in its `down`.
fn slow(url: &str) -> Fixture {
    let slow = sql("m20250101_000001_slow", ["CREATE TABLE t (a int)"])
        .down(["SELECT pg_sleep(3600)", "DROP TABLE t"]);
    Fixture::with_scripts(url, [slow])
}

async fn wait_until_script_sleeps(db: &TestDatabase, pid: u32) {
    let sleeps = format!(
        "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
         AND datname LIKE 'seedbed\\_temporary\\_{pid}\\_%')"
    );
    wait_until(db.connection(), &sleeps).await;
}

#[tokio::test]
async fn an_interrupted_run_leaves_no_database() {
    let db = TestDatabase::empty().await;
    for signal in [Signal::INT, Signal::TERM] {
        let running = slow(db.url()).start(["migrate-verify"]);
        let pid = pid_of(&running);
        wait_until_script_sleeps(&db, pid).await;
        running.signal(signal);
        running.wait_with_output().await.exited_with(130).stderr_contains(["error: interrupted"]);
        assert_eq!(count_temporary_databases(&db, pid).await, "0");
    }
}

#[tokio::test]
async fn the_databases_of_a_killed_run_are_dropped_by_the_next_run() {
    let db = TestDatabase::empty().await;
    let running = slow(db.url()).start(["migrate-verify"]);
    let pid = pid_of(&running);
    wait_until_script_sleeps(&db, pid).await;
    running.kill().await;
    assert_ne!(count_temporary_databases(&db, pid).await, "0");
    // The sessions of the killed run may live on for a while, and keep its databases from being dropped.
    let sessions = format!(
        "FROM pg_stat_activity WHERE datname LIKE 'seedbed\\_temporary\\_{pid}\\_%' \
         OR application_name LIKE 'seedbed\\_temporary\\_{pid}\\_%'"
    );
    execute(db.connection(), &format!("SELECT pg_terminate_backend(pid) {sessions}")).await;
    wait_until(db.connection(), &format!("NOT EXISTS (SELECT {sessions})")).await;
    clean(db.url()).run(["migrate-verify"]).await.succeeded();
    assert_eq!(count_temporary_databases(&db, pid).await, "0");
}

#[tokio::test]
async fn the_error_for_a_role_that_may_not_create_databases_suggests_another_server() {
    let (server, scratch) = (TestServer::start(""), TestServer::start(""));
    let admin = connect(&server.url("postgres")).await;
    execute(&admin, "CREATE ROLE weak LOGIN").await;
    let url = server.url("postgres").replace("postgres@", "weak@");
    let clean = clean(&url);
    clean.run(["migrate-verify"]).await.exited_with(1).stderr_contains([
        "error: the command needs a temporary database, but the role `weak` may create none on `",
        "hint: `--scratch-url postgres://user:password@host:5432/postgres` names a server on which the role may create",
        "ALTER ROLE weak CREATEDB",
    ]);
    let scratch_url = scratch.url("postgres");
    let args = ["migrate-verify", "--scratch-url", &scratch_url];
    clean.run(args).await.succeeded().stdout_contains(["1 script verified\n"]);
    Fixture::without_database("empty").run(args).await.succeeded();
    admin.close().await.expect("the connection closes");
}

#[tokio::test]
async fn invalid_usage_is_refused() {
    let db = TestDatabase::empty().await;
    Fixture::without_database("plain")
        .run(["migrate-verify"])
        .await
        .exited_with(2)
        .stderr_contains(["`DATABASE_URL` is not set; to verify scripts", "`--scratch-url URL`"]);
    let plain = Fixture::new("plain", db.url());
    plain
        .run(["migrate-verify", "--name", "nine"])
        .await
        .exited_with(1)
        .stderr_contains(["error: no migration is called `nine`"]);
}

#[tokio::test]
async fn a_project_without_scripts_has_nothing_to_verify() {
    let db = TestDatabase::empty().await;
    Fixture::new("empty", db.url())
        .run(["migrate-verify"])
        .await
        .succeeded()
        .stdout_contains(["nothing to verify: there are no scripts\n"]);
}

#[tokio::test]
async fn a_failed_verification_exits_with_1() {
    let db = TestDatabase::empty().await;
    let environments = Fixture::new("plain-environments", db.url());
    environments.run(["migrate-verify"]).await.exited_with(1).stdout_contains([
        "skipped  m20250101_000003_test: it runs in test only\n",
        "1 script verified, 2 skipped, 2 failed\n",
    ]);
    Fixture::new("mistake", db.url())
        .run(["migrate-verify"])
        .await
        .exited_with(1)
        .stderr_contains(["m20250102_000000_mistake"]);
}
