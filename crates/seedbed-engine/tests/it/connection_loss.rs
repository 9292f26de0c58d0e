//! Tests the loss of the session: it is terminated, its server is killed, or the connection is cut at COMMIT.

use sea_orm::DatabaseConnection;
use seedbed_testdb::TestDatabase;

use rustix::process::Signal;

use test_fixture::{
    Cut, DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, ProcessOutput, Proxy, RunningProcess,
    connect, execute, run_each,
};
use test_support::{Snapshot, TestServer, snapshot};

/// The option that lets the migrator wait for its server as long as a busy machine needs to accept the connection.
const LONG_WAIT: &str = "--wait=1h";

/// The reasons that the driver and the operating system report, depending on the moment at which the connection is lost.
const REASONS: [&str; 5] = [
    "terminating connection due to administrator command",
    "expected to read 5 bytes, got 0 bytes at EOF",
    "Connection reset by peer (os error 104)",
    "Connection reset by peer (os error 54)",
    "Broken pipe (os error 32)",
];

/// Returns the snapshot of a report of a lost connection.
fn lost_connection_snapshot(name: &str) -> Snapshot {
    REASONS.iter().fold(snapshot!(name), |snapshot, reason| snapshot.replacing(reason, "[reason]"))
}

/// Ends every session of a migrator in the database of the connection.
async fn terminate_runners(connection: &DatabaseConnection) {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name LIKE 'seedbed migrate%'";
    execute(connection, sql).await;
}

#[tokio::test]
async fn a_terminated_session_is_reported_and_the_next_run_completes_the_migrations() {
    // In the mode `all`, all migrations are pending. In the mode `one`, the first one is applied one by itself before, so
    // that the terminated run does not find an empty database.
    run_each(
        [("gates", "all"), ("gates", "one"), ("gates_alone", "one")],
        async |(project, mode)| {
            let expected = DatabaseSnapshot::undisturbed(project, ["migrate-up"]).await;
            let db = TestDatabase::empty().await;
            let fixture = Fixture::new(project, db.url());
            if mode == "one" {
                fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
            }
            let gate = Gate::close(db.connection(), 1).await;
            let run = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
            gate.reached(db.connection()).await;
            terminate_runners(db.connection()).await;
            run.wait_with_output().await.exited_with(1).without_waits().stderr_matches(
                lost_connection_snapshot(&format!("a_terminated_session_of_{project}_{mode}")),
            );
            gate.open().await;
            fixture.run(["migrate-up"]).await.succeeded();
            assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{project} {mode}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_session_terminated_while_it_waits_for_the_lock_is_reported() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("gates", db.url());
    let gate = Gate::close(db.connection(), 1).await;
    let holder = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    let waiter = fixture.start(["fresh-start"]);
    waiter.wait_for_stderr("waiting for another runner").await;
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name = 'seedbed fresh-start'";
    execute(db.connection(), sql).await;
    // The runner learns the reason from the server's last message or, if it was writing, from the broken pipe.
    waiter.wait_with_output().await.exited_with(1).without_waits().stderr_matches(
        lost_connection_snapshot("a_session_terminated_while_it_waits_for_the_lock"),
    );
    gate.open().await;
    holder.wait_with_output().await.succeeded();
}

#[tokio::test]
async fn a_run_whose_server_is_killed_fails_and_the_next_run_completes_it() {
    let expected = DatabaseSnapshot::undisturbed("gates", ["fresh-start"]).await;
    let server = TestServer::start("");
    let postgres = connect(&server.url("postgres")).await;
    for database in ["all_at_once", "one_by_one"] {
        execute(&postgres, &format!("CREATE DATABASE {database}")).await;
    }
    postgres.close().await.expect("the connection closes");
    for (database, end) in [
        ("all_at_once", TestServer::kill as fn(&TestServer)),
        ("one_by_one", TestServer::stop_at_once),
    ] {
        let url = server.url(database);
        let fixture = Fixture::new("gates", &url);
        if database == "one_by_one" {
            fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        }
        let connection = connect(&url).await;
        let gate = Gate::close(&connection, 1).await;
        // The runner asks the server which commits remain, and the server does not come back.
        let run = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT, "--wait=5s"]);
        gate.reached(&connection).await;
        end(&server);
        run.wait_with_output().await.exited_with(1).stderr_contains([
            "error: the connection to the server was lost (",
            ") while `m20250101_000002_gate` ran",
            "hint: run the same command again when the server is back",
        ]);
        server.start_again();
        fixture.run(["fresh-start"]).await.succeeded();
        assert_eq!(DatabaseSnapshot::read(&connect(&url).await).await, expected, "{database}");
    }
}

/// Cuts the connection of a run at the first message that contains `text`, and returns the output of the run.
async fn cut(db: &TestDatabase, project: &str, cut: Cut, text: &'static str) -> ProcessOutput {
    let proxy = Proxy::cutting(cut, text, db.url()).await;
    Fixture::new(project, proxy.url()).run(["migrate-up", LONG_WAIT]).await.exited_with(1)
}

#[tokio::test]
async fn a_connection_cut_before_the_commit_of_a_script_leaves_nothing_of_it() {
    run_each(["plain", "plain_as_sea_orm"], async |project| {
        let expected = DatabaseSnapshot::undisturbed(project, ["migrate-up"]).await;
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new(project, db.url());
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        cut(&db, project, Cut::Before, "COMMIT").await.without_waits().stderr_matches(
            lost_connection_snapshot(
                "a_connection_cut_before_the_commit_of_a_script_leaves_nothing_of_it",
            ),
        );
        assert_eq!(
            DatabaseSnapshot::read(db.connection()).await.migrations,
            ["m20250101_000001_rows"]
        );
        fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{project}");
    })
    .await;
}

#[tokio::test]
async fn a_connection_cut_after_the_commit_of_a_script_leaves_it_applied() {
    run_each(["plain", "plain_as_sea_orm"], async |project| {
        let expected = DatabaseSnapshot::undisturbed(project, ["migrate-up"]).await;
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new(project, db.url());
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        cut(&db, project, Cut::After, "COMMIT")
            .await
            .without_waits()
            .stderr_matches(lost_connection_snapshot(
                "a_connection_cut_after_the_commit_of_a_script_leaves_it_applied",
            ))
            .stdout_contains(["applied  m20250101_000002_two"]);
        let applied = ["m20250101_000001_rows", "m20250101_000002_two"];
        assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations, applied);
        fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{project}");
    })
    .await;
}

/// Lets a second runner apply the script that the first runner could not, because it lost its connection at COMMIT.
/// Then lets the first runner query the outcome of its transaction.
async fn only_the_second_runner_reports(
    fixture: &Fixture,
    first: RunningProcess,
    mut proxy: Proxy,
) {
    let second = fixture.run(["migrate-up", "--json"]).await.succeeded().json();
    assert_eq!(second["applied"].as_array().map(Vec::len), Some(3), "{second}");
    proxy.end_outage().await;
    let first = first.wait_with_output().await.exited_with(1).output_lacks(["applied"]);
    first
        .without_waits()
        .stderr_matches(lost_connection_snapshot("only_the_second_runner_reports"));
}

#[tokio::test]
async fn a_script_that_another_runner_applies_after_a_cut_is_reported_by_that_runner_only() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain", db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let proxy = Proxy::cutting(Cut::BeforeWithOutage, "COMMIT", db.url()).await;
    let first = Fixture::new("plain", proxy.url()).start(["migrate-up", LONG_WAIT]);
    first.wait_for_stderr("waiting for the server at `127.0.0.1").await;
    // The lock was released with the session.
    only_the_second_runner_reports(&fixture, first, proxy).await;
}

#[tokio::test]
async fn a_script_that_another_runner_applies_after_a_crash_is_reported_by_that_runner_only() {
    // Before its commit, no part of a transaction reaches the disk, so the crash loses the transaction id too, and the
    // server assigns it again.
    let server =
        TestServer::start("fsync = on\nwal_writer_delay = 10s\nwal_writer_flush_after = 1GB");
    let url = server.url("crashes");
    let fixture = Fixture::new("plain", &url);
    fixture.run(["fresh-start"]).await.succeeded();
    fixture.run(["seed-down"]).await.succeeded();
    fixture.run(["migrate-down", "--step", "3", "--yes"]).await.succeeded();
    let proxy = Proxy::cutting(Cut::BeforeWithOutage, "COMMIT", &url).await;
    let first = Fixture::new("plain", proxy.url()).start(["migrate-up", LONG_WAIT]);
    first.wait_for_stderr("waiting for the server at `127.0.0.1").await;
    server.stop_at_once();
    server.start_again();
    only_the_second_runner_reports(&fixture, first, proxy).await;
}

#[tokio::test]
async fn a_commit_is_reported_as_unknown_if_the_server_does_not_answer() {
    let db = TestDatabase::empty().await;
    let proxy = Proxy::cutting(Cut::AfterWithOutage, "COMMIT", db.url()).await;
    let run = Fixture::new("plain", proxy.url()).start(["migrate-up", LONG_WAIT]);
    // The runner would query the outcome for an hour, so the test interrupts it.
    run.wait_for_stderr("waiting for the server at `127.0.0.1").await;
    run.signal(Signal::INT);
    run.wait_with_output().await.exited_with(1).without_waits().stderr_matches(
        lost_connection_snapshot("a_commit_is_reported_as_unknown_if_the_server_does_not_answer"),
    );
    let status = Fixture::new("plain", db.url()).run(["migrate-status"]).await.succeeded();
    status.stdout_contains(["1 applied"]);
}

#[tokio::test]
async fn a_connection_cut_on_an_empty_database_reports_which_scripts_were_committed() {
    let expected = DatabaseSnapshot::undisturbed("plain", ["migrate-up"]).await;
    for (when, end) in [
        (
            Cut::Before,
            "before `m20250101_000001_rows` was committed, so none of its changes remain",
        ),
        (Cut::After, "just after `m20250101_000001_rows` was committed"),
    ] {
        let db = TestDatabase::empty().await;
        let lost = ["error: the connection to the server was lost (", &format!(") {end}")];
        let run = cut(&db, "plain", when, "COMMIT").await.stderr_contains(lost);
        let applied: &[&str] = match when {
            Cut::Before => &[],
            _ => &["m20250101_000001_rows"],
        };
        assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations, applied, "{run}");
        assert_eq!(
            run.stderr.contains("1 migration applied and committed before"),
            !applied.is_empty()
        );
        Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected);
    }
}

#[tokio::test]
async fn a_connection_cut_while_a_script_without_a_transaction_is_recorded_is_reported() {
    let expected = DatabaseSnapshot::undisturbed("concurrently", ["migrate-up"]).await;
    for (when, text, end) in [
        (Cut::Before, "'up', 'done', '", "before `m20250101_000002_index` was recorded"),
        (Cut::After, "'up', 'done', '", "before `m20250101_000002_index` was recorded"),
        (
            Cut::Before,
            "COMMIT",
            "before `m20250101_000002_index` was recorded, so the next run starts it again",
        ),
        (Cut::After, "COMMIT", "just after `m20250101_000002_index` was recorded"),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new("concurrently", db.url());
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        let lost = ["error: the connection to the server was lost (", &format!(") {end}")];
        cut(&db, "concurrently", when, text).await.stderr_contains(lost);
        fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(DatabaseSnapshot::read(db.connection()).await, expected, "{when:?} {text}");
    }
}

#[tokio::test]
async fn a_connection_cut_at_the_commit_of_a_revert_reports_whether_the_script_was_reverted() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain", db.url());
    fixture.run(["migrate-up"]).await.succeeded();
    let expected = DatabaseSnapshot::read(db.connection()).await;
    for (when, name) in [
        (Cut::Before, "a_connection_cut_before_the_commit_of_a_reverted_script"),
        (Cut::After, "a_connection_cut_after_the_commit_of_a_reverted_script"),
    ] {
        let proxy = Proxy::cutting(when, "COMMIT", db.url()).await;
        let run = Fixture::new("plain", proxy.url()).run(["migrate-down"]).await.exited_with(1);
        run.without_waits().stderr_matches(lost_connection_snapshot(name));
        let now = DatabaseSnapshot::read(db.connection()).await;
        match when {
            Cut::Before => assert_eq!(now, expected),
            _ => assert_eq!(now.migrations, expected.migrations[..3]),
        }
    }
}
