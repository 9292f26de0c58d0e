//! Tests that the first signal cancels a run, which then rolls back and ends, and that the second one ends it at once.

use rustix::process::Signal;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use seedbed_testdb::TestDatabase;

use test_fixture::{
    DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, execute, run_each, wait_until,
};
use test_support::{free_port, require_program, snapshot};

/// Waits until the migrator's session sleeps in the database.
async fn wait_until_sleeping(connection: &DatabaseConnection) {
    let sql = "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
               AND application_name = 'seedbed migrate-up' AND wait_event = 'PgSleep')";
    wait_until(connection, sql).await;
}

/// Waits until the migrator's session is in the given idle state while the script goes on after its last statement.
async fn wait_until_idle(connection: &DatabaseConnection, state: &str) {
    let sql = format!(
        "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = 'seedbed migrate-up' AND state = '{state}' \
         AND query ~ '(CREATE INDEX.*|CREATE TABLE )m20250101_000002')"
    );
    wait_until(connection, &sql).await;
}

/// Waits until no session of a migrator is left, so that no lock is left either.
async fn wait_until_sessions_end(connection: &DatabaseConnection) {
    let sql = "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
               AND application_name LIKE 'seedbed migrate%')";
    wait_until(connection, sql).await;
}

#[tokio::test]
async fn a_signal_cancels_the_statement_and_rolls_back() {
    for (signal, has_history) in [(Signal::INT, true), (Signal::TERM, true), (Signal::INT, false)] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new("slow", db.url());
        if has_history {
            fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        }
        let before = DatabaseSnapshot::read(db.connection()).await;
        let run = fixture.start(["migrate-up"]);
        wait_until_sleeping(db.connection()).await;
        run.signal(signal);
        let run = run
            .wait_with_output()
            .await
            .exited_with(130)
            .stderr_contains([
            "interrupted: canceling the running statement",
            // The message does not say that the session was ended, because that happens only if a script goes on after
            // the cancellation.
            "the script: Execution Error: error returned from database: canceling statement due to user",
            "error: interrupted",
            "hint: run the same command again to continue",
        ]);
        wait_until_sessions_end(db.connection()).await;
        let after = DatabaseSnapshot::read(db.connection()).await;
        assert_eq!(after.migrations, ["m20250101_000001_rows"], "{run}");
        if has_history {
            assert_eq!(after, before, "{run}");
        }
    }
}

/// Tests a signal from make or `timeout`, which pass on the signal that their whole group receives. So the migrator
/// receives it twice.
#[tokio::test]
async fn a_sigterm_that_arrives_twice_counts_as_one() {
    let make = require_program("make", "sudo apt-get install make");
    let timeout = require_program("timeout", "sudo apt-get install coreutils");
    let (make, timeout) = (make.to_string_lossy(), timeout.to_string_lossy());
    let folder = tempfile::tempdir().expect("a folder");
    let makefile = folder.path().join("Makefile");
    // The wrapper gets the path of the program as its last argument.
    let rule = format!("{}: ; @$@ migrate-up\n", Fixture::program().display());
    std::fs::write(&makefile, rule).expect("a file");
    let makefile = makefile.to_string_lossy();
    // Without a wrapper, the test itself sends the signal twice.
    let wrappers = [
        vec![],
        vec![&*timeout, "--preserve-status", "1h"],
        vec![&*make, "--always-make", "--file", &*makefile],
    ];
    run_each(wrappers, async |wrapper| {
        let is_make = wrapper.contains(&"--file");
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new("slow", db.url()).by(wrapper.iter().copied());
        let run = if is_make { fixture.start([]) } else { fixture.start(["migrate-up"]) };
        wait_until_sleeping(db.connection()).await;
        if wrapper.is_empty() {
            run.signal(Signal::TERM);
            run.signal(Signal::TERM);
        } else {
            run.signal_group(Signal::TERM);
        }
        let run = run.wait_with_output().await;
        // make itself ends by the signal.
        let run = if is_make { run } else { run.exited_with(130) };
        run.stderr_contains(["interrupted: canceling the running statement", "error: interrupted"]);
        wait_until_sessions_end(db.connection()).await;
        assert_eq!(
            DatabaseSnapshot::read(db.connection()).await.migrations,
            ["m20250101_000001_rows"]
        );
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_run_prints_what_was_done_before() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("slow", db.url());
    let run = fixture.start(["migrate-up", "--json"]);
    wait_until_sleeping(db.connection()).await;
    run.signal(Signal::TERM);
    let run = run.wait_with_output().await.exited_with(130);
    let document = run.json();
    assert_eq!(document["error"], "interrupted");
    assert_eq!(document["applied"][0]["name"], "m20250101_000001_rows");
    assert_eq!(document["applied"].as_array().map(Vec::len), Some(1));
    assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations, ["m20250101_000001_rows"]);
}

#[tokio::test]
async fn a_signal_in_a_script_without_a_transaction_leaves_it_interrupted() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("slow_alone", db.url());
    let run = fixture.start(["migrate-up"]);
    wait_until_sleeping(db.connection()).await;
    run.signal(Signal::INT);
    run.wait_with_output().await.exited_with(130).stderr_matches(snapshot!(
        "a_signal_in_a_script_without_a_transaction_leaves_it_interrupted"
    ));
    let status = fixture.run(["migrate-status", "--json"]).await.succeeded().json();
    assert_eq!(status["scripts"][1]["state"], "interrupted");
    let run = fixture.start(["migrate-up"]);
    run.wait_for_stderr(
        "`m20250101_000002_slow` was started before and did not finish; starting it again",
    )
    .await;
    wait_until_sleeping(db.connection()).await;
    run.signal(Signal::INT);
    run.wait_with_output().await.exited_with(130);
}

#[tokio::test]
async fn a_second_signal_ends_the_process_at_once() {
    run_each(["stuck", "stubborn", "blocking"], async |project| {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new(project, db.url());
        let run = fixture.start(["migrate-up"]);
        match project {
            "stubborn" => wait_until_sleeping(db.connection()).await,
            _ => wait_until_idle(db.connection(), "idle in transaction").await,
        }
        run.signal(Signal::INT);
        // A script that blocks the only thread of the run also blocks the message.
        if project != "blocking" {
            run.wait_for_stderr("interrupted: canceling").await;
        }
        run.signal(Signal::TERM);
        // A run that was able to roll back prints this message.
        run.wait_with_output().await.exited_with(130).output_lacks(["error: interrupted"]);
        execute(
            db.connection(),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE application_name = 'seedbed migrate-up' AND datname = current_database()",
        )
        .await;
        wait_until_sessions_end(db.connection()).await;
        assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations.len(), 1, "{project}");
    })
    .await;
}

/// Sends a signal while the script waits, and checks that it ends the run. The script waits in the client, while its
/// session is in the given idle state, or sleeps in the database.
async fn check_signal_ends_script(project: &str, idle_state: Option<&str>) {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new(project, db.url());
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let run = fixture.start(["migrate-up"]);
    match idle_state {
        Some(state) => wait_until_idle(db.connection(), state).await,
        None => wait_until_sleeping(db.connection()).await,
    }
    run.signal(Signal::INT);
    run.wait_with_output().await.exited_with(130).stderr_contains(["error: interrupted"]);
    wait_until_sessions_end(db.connection()).await;
    assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations, ["m20250101_000001_rows"]);
}

#[tokio::test]
async fn a_signal_ends_a_script_that_waits_for_something_other_than_the_database() {
    let cases = [
        ("stuck", Some("idle in transaction")),
        ("stuck_alone", Some("idle")),
        ("stuck_as_sea_orm", Some("idle in transaction")),
        ("stubborn", None),
    ];
    run_each(cases, async |(project, idle_state)| {
        check_signal_ends_script(project, idle_state).await
    })
    .await;
}

#[tokio::test]
async fn a_runner_that_vanishes_is_noticed_by_the_server_while_its_statement_runs() {
    let db = TestDatabase::empty().await;
    let supported = "SET client_connection_check_interval = '10s'";
    if db.connection().execute_unprepared(supported).await.is_err() {
        eprintln!("this server cannot check whether its clients are still connected");
        return;
    }
    let fixture = Fixture::new("slow", db.url());
    let run = fixture.start(["migrate-up"]);
    wait_until_sleeping(db.connection()).await;
    run.kill().await;
    wait_until_sessions_end(db.connection()).await;
}

#[tokio::test]
async fn a_signal_ends_the_wait_for_the_lock() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("gates", db.url());
    let gate = Gate::close(db.connection(), 1).await;
    let holder = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(db.connection()).await;
    let waiter = fixture.start(["fresh-start"]);
    waiter.wait_for_stderr("waiting for another runner").await;
    waiter.signal(Signal::TERM);
    waiter.wait_with_output().await.exited_with(130).stderr_contains(["error: interrupted"]);
    gate.open().await;
    holder.wait_with_output().await.succeeded();
}

#[tokio::test]
async fn a_signal_ends_the_wait_for_the_server() {
    let url = format!("postgres://postgres@127.0.0.1:{}/nothing", free_port());
    for command in ["migrate-up", "migrate-status", "fresh-start", "db-reset"] {
        let run = Fixture::new("plain", &url).start([command, "--wait", "1h"]);
        // Without `--yes` and without a terminal, this command does not wait.
        if command == "db-reset" {
            run.wait_with_output().await.exited_with(2);
            continue;
        }
        run.wait_for_stderr("waiting for the server at `127.0.0.1").await;
        run.signal(Signal::INT);
        run.wait_with_output().await.exited_with(130).stderr_contains(["error: interrupted"]);
    }
}

#[tokio::test]
async fn a_signal_ends_the_pause_before_the_next_try() {
    use sea_orm::TransactionTrait as _;
    run_each(["alters", "alters_alone"], async |project| {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new(project, db.url());
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        let reader = db.connection().begin().await.expect("a transaction");
        execute(&reader, "SELECT name FROM m20250101_000001_rows").await;
        let run = fixture.start(["migrate-up", "--lock-timeout", "50ms"]);
        run.wait_for_stderr("did not get its lock in time").await;
        run.signal(Signal::INT);
        run.wait_with_output().await.exited_with(130).stderr_contains(["error: interrupted"]);
        reader.rollback().await.expect("the transaction ends");
        assert_eq!(
            DatabaseSnapshot::read(db.connection()).await.migrations,
            ["m20250101_000001_rows"]
        );
    })
    .await;
}
