//! Tests commands behind a pooler. If the pooler gives each transaction another session, a command fails before it
//! takes a lock.

use test_fixture::{DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, connect, execute, texts};
use test_support::{Bouncer, TestServer, snapshot};

#[tokio::test]
async fn a_transaction_mode_pooler_is_refused_before_a_lock_is_taken() {
    let server = TestServer::start("");
    let postgres = connect(&server.url("postgres")).await;
    for settings in [
        "",
        "default_pool_size = 1",
        "default_pool_size = 5\nserver_round_robin = 1",
        "default_pool_size = 5\nmin_pool_size = 5\nserver_round_robin = 1",
        "default_pool_size = 2\nmin_pool_size = 2\nserver_round_robin = 1",
        "default_pool_size = 5\nmin_pool_size = 5",
    ] {
        let bouncer = Bouncer::start(&server, "transaction", settings);
        execute(&postgres, "DROP DATABASE IF EXISTS app WITH (FORCE)").await;
        execute(&postgres, "CREATE DATABASE app").await;
        let fixture = Fixture::new("plain", &bouncer.url("app"));
        for _ in 0..5 {
            let run = fixture.run(["migrate-up"]).await.exited_with(1);
            run.stderr_matches(snapshot!(
                "a_transaction_mode_pooler_is_refused_before_a_lock_is_taken"
            ));
        }
        let app = connect(&server.url("app")).await;
        assert!(
            DatabaseSnapshot::read(&app).await.structure.is_empty(),
            "{settings}\n{}",
            bouncer.log()
        );
        let locks = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'";
        assert!(texts(&app, locks).await.is_empty(), "{settings}");
        // Commands that take no lock work. A dry run refuses everything that the run would refuse.
        fixture.run(["migrate-status"]).await.succeeded();
        fixture
            .run(["migrate-up", "--dry-run"])
            .await
            .exited_with(1)
            .stderr_contains(["is a pooler"]);
    }
}

#[tokio::test]
async fn a_busy_transaction_mode_pooler_is_refused_too() {
    let server = TestServer::start("");
    let bouncer =
        Bouncer::start(&server, "transaction", "default_pool_size = 8\nserver_round_robin = 1");
    execute(&connect(&server.url("postgres")).await, "CREATE DATABASE app").await;
    let fixture = Fixture::new("plain", &bouncer.url("app"));
    let runners: Vec<_> = (0..8).map(|_| fixture.start(["migrate-up"])).collect();
    for runner in runners {
        runner
            .wait_with_output()
            .await
            .exited_with(1)
            .stderr_matches(snapshot!("a_busy_transaction_mode_pooler_is_refused_too"));
    }
    let app = connect(&server.url("app")).await;
    assert!(DatabaseSnapshot::read(&app).await.structure.is_empty());
}

#[tokio::test]
async fn a_session_mode_pooler_works() {
    let server = TestServer::start("");
    let bouncer = Bouncer::start(&server, "session", "");
    let direct = Fixture::new("plain", &server.url("direct"));
    direct.run(["fresh-start"]).await.succeeded();
    let expected = DatabaseSnapshot::read(&connect(&server.url("direct")).await).await;

    execute(&connect(&server.url("postgres")).await, "CREATE DATABASE app").await;
    let fixture = Fixture::new("plain", &bouncer.url("app"));
    fixture.run(["fresh-start"]).await.succeeded();
    let app = connect(&server.url("app")).await;
    assert_eq!(DatabaseSnapshot::read(&app).await, expected);
    fixture.run(["seed-down"]).await.succeeded();
    fixture.run(["migrate-redo"]).await.succeeded();
    fixture.run(["migrate-down", "--all"]).await.succeeded();
    assert!(DatabaseSnapshot::read(&app).await.migrations.is_empty());
    let runners: Vec<_> = (0..8).map(|_| fixture.start(["migrate-up"])).collect();
    for runner in runners {
        runner.wait_with_output().await.succeeded();
    }
    assert_eq!(DatabaseSnapshot::read(&app).await.migrations, expected.migrations);
}

#[tokio::test]
async fn a_session_mode_pooler_with_one_session_works() {
    let server = TestServer::start("");
    let bouncer = Bouncer::start(&server, "session", "default_pool_size = 1");
    Fixture::new("plain", &server.url("app")).run(["fresh-start"]).await.succeeded();
    // If all clients share one session, no session is left for the second connection, which is needed to distinguish
    // the modes.
    Fixture::new("plain", &bouncer.url("app")).run(["migrate-down"]).await.succeeded();
}

#[tokio::test]
async fn scripts_find_the_same_settings_behind_a_session_mode_pooler() {
    let server = TestServer::start("datestyle = 'German'\ntimezone = 'Asia/Tokyo'");
    let bouncer = Bouncer::start(&server, "session", "");
    execute(&connect(&server.url("postgres")).await, "CREATE DATABASE pooled").await;
    let mut settings_by_table = Vec::new();
    for (url, database) in [(server.url("direct"), "direct"), (bouncer.url("pooled"), "pooled")] {
        Fixture::new("settings", &url).run(["fresh-start"]).await.succeeded();
        let connection = connect(&server.url(database)).await;
        for table in ["m20250101_000001_before", "m20250101_000003_after"] {
            let sql = format!("SELECT name FROM {table} ORDER BY name");
            settings_by_table.push(texts(&connection, &sql).await);
        }
    }
    for other in &settings_by_table[1..] {
        assert_eq!(other, &settings_by_table[0]);
    }
}

#[tokio::test]
async fn a_runner_behind_a_session_mode_pooler_that_is_killed_frees_the_lock() {
    let server = TestServer::start("");
    let bouncer = Bouncer::start(&server, "session", "");
    execute(&connect(&server.url("postgres")).await, "CREATE DATABASE app").await;
    let app = connect(&server.url("app")).await;
    let fixture = Fixture::new("gates", &bouncer.url("app"));
    let gate = Gate::close(&app, 1).await;
    let first = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    gate.reached(&app).await;
    first.kill().await;
    let second = fixture.start(["migrate-up"]);
    gate.open().await;
    second.wait_with_output().await.succeeded();
    assert_eq!(DatabaseSnapshot::read(&app).await.migrations.len(), 3);
}
