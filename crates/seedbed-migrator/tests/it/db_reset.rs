//! Tests that `db-reset` drops a database, and when it refuses to.

use sea_orm::{ConnectionTrait as _, Database};
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, text};
use test_support::{Bouncer, TestServer, snapshot};

use crate::support::{SECRET, assert_refused};

#[tokio::test]
async fn a_reset_is_refused_in_production_without_yes_and_on_another_machine() {
    let db = TestDatabase::empty().await;
    let local = Fixture::new("plain", db.url());
    local.run(["migrate-up"]).await.succeeded();
    let name = text(db.connection(), "SELECT current_database()::text").await;

    let production =
        local.run(["db-reset", "--yes", "--env", "production", "--database-name", &name]).await;
    assert_refused(production, 1).stderr_matches(snapshot!("production"));
    let without_yes = local.run(["db-reset", "--database-name", &name]).await;
    assert_refused(without_yes, 2).stderr_matches(snapshot!("no_terminal"));
    let other = local.run(["db-reset", "--yes", "--database-name", "other"]).await;
    let snapshot = snapshot!("another_name").replacing(&name, "[database]");
    assert_refused(other, 2).stderr_matches(snapshot);
    let url = format!("postgres://app:{SECRET}@db.invalid/shop");
    let remote = Fixture::new("plain", &url);
    assert_refused(remote.run(["db-reset", "--yes"]).await, 2)
        .stderr_matches(snapshot!("remote_server"));
    // The service of Docker compose is as local as a server on this machine.
    let service =
        Fixture::new("plain", &url).variable("SEEDBED_SERVICE_URL", "postgres://db.invalid/other");
    let refused_later = service.run(["db-reset", "--yes", "--wait", "10ms"]).await;
    assert_refused(refused_later, 1)
        .stderr_contains(["no PostgreSQL server answers at `db.invalid:5432`"]);
    let named =
        remote.run(["db-reset", "--yes", "--database-name", "shop", "--wait", "10ms"]).await;
    assert_refused(named, 1).stderr_contains(["no PostgreSQL server answers at `db.invalid:5432`"]);
    local.run(["migrate-status", "--exit-code"]).await.succeeded();
}

#[tokio::test]
async fn the_database_is_recreated_even_if_another_session_is_connected() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    let fixture = Fixture::new("plain", &server.url("shop"));
    let first = fixture.run(["db-reset", "--yes"]).await.succeeded();
    first.stdout_contains([
        "dropped  shop at 127.0.0.1:",
        "created  shop at 127.0.0.1:",
        "4 migrations applied, 2 seeds applied",
    ]);
    let oid = "SELECT oid::text FROM pg_database WHERE datname = 'shop'";
    let before = text(&superuser, oid).await;

    let session = Database::connect(server.url("shop")).await.expect("the database");
    execute(&session, "CREATE TABLE left_over (id int)").await;
    let second = fixture.run(["db-reset", "--yes", "--json"]).await.succeeded();
    assert_eq!(second.json()["applied"].as_array().map(Vec::len), Some(6));
    assert_eq!(second.stderr, "");
    assert_ne!(text(&superuser, oid).await, before);
    let query = session.execute_unprepared("SELECT * FROM left_over").await;
    assert!(query.is_err());
    fixture.run(["migrate-status", "--exit-code"]).await.succeeded();

    // A failed script leaves the new database with the scripts before it, and the message says so.
    let failed = Fixture::new("mistake", &server.url("shop")).run(["db-reset", "--yes"]).await;
    failed
        .exited_with(1)
        .stderr_contains(["error: `up` of `migrations/m20250102_000000_mistake.rs` failed"]);

    // The name has unusual characters.
    let odd = Fixture::new("plain", &server.url("we%20ird%22%C3%BC%3B--"));
    odd.run(["fresh-start"])
        .await
        .succeeded()
        .stdout_contains(["created  we ird\"ü;-- at 127.0.0.1:"]);
    odd.run(["db-reset", "--yes", "--database-name", "we ird\"ü;--"]).await.succeeded();
    odd.run(["migrate-status", "--exit-code"]).await.succeeded();

    // This also works for the maintenance database, to which the command connects when it drops other databases.
    let maintenance = Fixture::new("empty", &server.url("postgres"));
    maintenance.run(["db-reset", "--yes"]).await.succeeded().stdout_contains(["dropped  postgres"]);
    let app = Database::connect(server.url("shop")).await.expect("the database");
    execute(&app, "CREATE ROLE guest LOGIN").await;
    let guest = server.url("shop").replace("postgres@", "guest@");
    let denied = Fixture::new("plain", &guest).run(["db-reset", "--yes"]).await;
    assert_refused(denied, 1).stderr_matches(snapshot!(
        "the_database_is_recreated_even_if_another_session_is_connected"
    ));
}

#[tokio::test]
async fn everything_is_checked_before_the_database_is_dropped() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE app LOGIN").await;
    execute(&superuser, "CREATE DATABASE shop OWNER app").await;
    let url = server.url("shop").replace("postgres@", "app@");
    Fixture::new("plain", &url).run(["migrate-up"]).await.succeeded();
    let bouncer = Bouncer::start(&server, "transaction", "");
    for (project, url, expected) in [
        (
            "plain",
            url.clone(),
            "error: the role `app` may not create the database `shop`: permission denied",
        ),
        ("plain-twins", server.url("shop"), "have the same date and time"),
        ("plain-future", server.url("shop"), "is more than a day ahead of the clock"),
        ("plain", bouncer.url("shop"), "is a pooler in transaction mode"),
        (
            "plain",
            format!("{}?schema=billing", server.url("shop")),
            "error: a new database has none of the schemas in `search_path`; nothing was dropped",
        ),
    ] {
        for args in [&["db-reset", "--yes"][..], &["db-reset", "--dry-run"]] {
            assert_refused(Fixture::new(project, &url).run(args).await, 1)
                .stderr_contains([expected]);
        }
        let status = Fixture::new("plain", &server.url("shop"));
        status.run(["migrate-status", "--exit-code"]).await.succeeded();
    }
    let missing = server.url("other").replace("postgres@", "app@");
    let dry = Fixture::new("plain", &missing).run(["fresh-start", "--dry-run"]).await;
    assert_refused(dry, 1)
        .stderr_matches(snapshot!("everything_is_checked_before_the_database_is_dropped"));
}

#[tokio::test]
async fn nothing_is_dropped_when_the_server_refuses_the_new_database() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE app LOGIN CREATEDB").await;
    let fixture = Fixture::new("plain", &server.url("shop").replace("postgres@", "app@"));
    fixture.run(["fresh-start"]).await.succeeded();
    // The role may create databases, but may no longer copy `template1`.
    execute(&superuser, "ALTER DATABASE template1 IS_TEMPLATE false").await;
    let refusal = assert_refused(fixture.run(["db-reset", "--yes"]).await, 1);
    refusal
        .stderr_matches(snapshot!("nothing_is_dropped_when_the_server_refuses_the_new_database"));
    fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    execute(&superuser, "ALTER DATABASE template1 IS_TEMPLATE true").await;
    fixture.run(["db-reset", "--yes"]).await.succeeded();
    let databases = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database";
    assert_eq!(text(&superuser, databases).await, "postgres shop template0 template1");
}

#[tokio::test]
async fn the_recreated_database_has_the_same_owner() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE shop_owner").await;
    execute(&superuser, "CREATE DATABASE shop OWNER shop_owner").await;
    Fixture::new("plain", &server.url("shop")).run(["db-reset", "--yes"]).await.succeeded();
    let owner = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'shop'";
    assert_eq!(text(&superuser, owner).await, "shop_owner");
}
