//! Tests connections: servers that do not answer, standbys, connection limits, roles and privileges.

use std::time::{Duration, Instant};

use sea_orm::Database;
use seedbed_engine::ensure_schema_is_current;
use seedbed_testdb::TestDatabase;
use test_support::{
    Deadline, TestServer, assert_snapshot, free_port, give_to_server_user, snapshot, url_with,
};

use test_fixture::{Fixture, Proxy, connect, execute, sql, text, texts};

use crate::support::{SECRET, assert_refused};

#[tokio::test]
async fn the_wait_for_an_unreachable_server_times_out() {
    let port = free_port();
    let url = format!("postgres://app:{SECRET}@127.0.0.1:{port}/app");
    let fixture = Fixture::new("plain", &url);
    let started_at = Instant::now();
    let running = ["migrate-up", "migrate-status", "fresh-start"]
        .map(|command| fixture.start([command, "--wait", "1s"]));
    for running in running {
        let finished = assert_refused(running.wait_with_output().await, 1);
        assert!(started_at.elapsed() >= Duration::from_secs(1), "{finished}");
        let lines: Vec<&str> = finished.stderr.lines().collect();
        let [waiting, error, hint] = lines[..] else { panic!("{finished}") };
        let cause = ": Connection refused (os error ";
        let begins = format!("waiting for the server at `127.0.0.1:{port}`{cause}");
        assert!(waiting.starts_with(&begins), "{finished}");
        let begins = format!("error: no PostgreSQL server answers at `127.0.0.1:{port}` after ");
        assert!(error.starts_with(&begins) && error.contains(cause), "{finished}");
        assert_eq!(
            hint,
            "hint: check that the server is running and that the host in `DATABASE_URL` is correct; to wait longer, add `--wait 60s`"
        );
    }
}

#[tokio::test]
async fn unknown_hosts_and_missing_sockets_are_reported() {
    for (url, expected) in [
        (
            "postgres://app:SECRET@nowhere.invalid/app",
            "no PostgreSQL server answers at `nowhere.invalid:5432` after",
        ),
        (
            "postgres://app:SECRET@x/app?host=/nonexistent",
            "no PostgreSQL server answers at `/nonexistent` after",
        ),
        (
            "postgres://app:SECRET@%2Fnonexistent/app",
            "no PostgreSQL server answers at `/nonexistent` after",
        ),
    ] {
        let url = url.replace("SECRET", SECRET);
        let finished = Fixture::new("plain", &url).run(["migrate-up", "--wait", "100ms"]).await;
        assert_refused(finished, 1).stderr_contains([
            expected,
            "hint: check that the server is running and that the host in `DATABASE_URL` is correct;",
        ]);
    }
}

#[tokio::test]
async fn a_server_that_starts_within_the_wait_is_used() {
    let server = TestServer::start("");
    server.stop_at_once();
    let fixture = Fixture::new("plain", &server.url("app"));
    let running = fixture.start(["fresh-start", "--wait", "1h"]);
    running.wait_for_stderr("waiting for the server at `127.0.0.1:").await;
    server.start_again();
    running
        .wait_with_output()
        .await
        .succeeded()
        .stdout_contains(["created  app at 127.0.0.1:", "4 migrations applied"]);
}

#[tokio::test]
async fn the_error_about_a_missing_database_says_how_to_create_it() {
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let missing = db.url().replacen(&name, &format!("{name}-x"), 1);
    for command in ["migrate-up", "migrate-status", "seed-down"] {
        let finished = assert_refused(Fixture::new("plain", &missing).run([command]).await, 1);
        let server = finished.stderr.split('`').nth(3).expect("the server").to_owned();
        let expected = snapshot!("a_missing_database");
        finished
            .stderr_matches(expected.replacing(&name, "[database]").replacing(&server, "[server]"));
    }
    let databases = format!("SELECT count(*)::text FROM pg_database WHERE datname = '{name}-x'");
    assert_eq!(text(db.connection(), &databases).await, "0");
}

#[tokio::test]
async fn a_wrong_password_is_reported_and_a_right_one_works() {
    let server = TestServer::start("");
    let port = server.port();
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    let password = "p@ss/w:rd#?% '\"";
    execute(
        &superuser,
        &format!("CREATE ROLE app LOGIN PASSWORD '{}'", password.replace('\'', "''")),
    )
    .await;
    execute(&superuser, "CREATE DATABASE app OWNER app").await;
    let hba = "host all app 127.0.0.1/32 scram-sha-256\n";
    std::fs::write(server.data_dir().join("pg_hba.conf"), hba).expect("a file in the cluster");
    execute(&superuser, "SELECT pg_reload_conf()").await;

    let fixture = |user: &str, password: &str, database: &str| {
        Fixture::new("plain", &format!("postgres://{user}:{password}@127.0.0.1:{port}/{database}"))
            .variable("RUST_BACKTRACE", "1")
    };
    // The server reads the file some time after the request.
    let deadline = Deadline::new();
    let wrong = loop {
        let finished = fixture("app", SECRET, "app").run(["migrate-up"]).await;
        if finished.code != Some(0) {
            break finished;
        }
        deadline.check(|| format!("it does not ask for a password: {finished}"));
    };
    for finished in [wrong, fixture("app", SECRET, "app").run(["fresh-start"]).await] {
        assert_refused(finished, 1).stderr_matches(snapshot!("a_wrong_password"));
    }
    let nobody = assert_refused(fixture("nobody", SECRET, "app").run(["migrate-status"]).await, 1);
    assert_snapshot!("a_wrong_password_is_reported_and_a_right_one_works", nobody.stderr);
    let encoded = "p%40ss%2Fw%3Ard%23%3F%25%20%27%22";
    let right = fixture("app", encoded, "app").run(["migrate-up"]).await.succeeded();
    right.output_lacks([password, encoded]);

    let other = assert_refused(fixture("app", encoded, "other").run(["fresh-start"]).await, 1);
    assert_snapshot!("a_wrong_password_is_reported_and_a_right_one_works_2", other.stderr);
}

#[tokio::test]
async fn a_standby_is_refused_before_anything_else() {
    let server = TestServer::start("");
    Fixture::new("plain", &server.url("app")).run(["fresh-start"]).await.succeeded();
    server.stop_at_once();
    let signal = server.data_dir().join("standby.signal");
    std::fs::write(&signal, "").expect("a file in the cluster");
    give_to_server_user(&signal);
    server.start_again();

    let scripts = || [sql("m20250101_000001_more", ["CREATE TABLE more (id int)"])];
    let existing = Fixture::with_scripts(&server.url("app"), scripts());
    let missing = Fixture::with_scripts(&server.url("missing"), scripts());
    for (fixture, args) in [
        (&existing, &["migrate-up"][..]),
        (&existing, &["migrate-up", "--dry-run"]),
        (&existing, &["migrate-down", "--dry-run"]),
        (&existing, &["seed-up"]),
        (&existing, &["fresh-start"]),
        (&existing, &["fresh-start", "--dry-run"]),
        (&existing, &["db-reset", "--yes"]),
        (&existing, &["db-reset", "--dry-run"]),
        (&existing, &["schema", "migrations"]),
        (&missing, &["fresh-start"]),
        (&missing, &["fresh-start", "--dry-run"]),
        (&missing, &["db-reset", "--yes"]),
    ] {
        let finished = assert_refused(fixture.run(args).await, 1);
        assert_snapshot!("a_standby_is_refused_before_anything_else_2", finished.stderr);
    }
    let plain = Fixture::new("plain", &server.url("app"));
    plain.run(["migrate-status", "--exit-code"]).await.succeeded();
    for attributes in ["primary", "read-write"] {
        let url = format!("{}?target_session_attrs={attributes}", server.url("app"));
        let status = Fixture::new("plain", &url).run(["migrate-status"]).await;
        assert_refused(status, 1)
            .stderr_matches(snapshot!("a_standby_is_refused_before_anything_else"));
    }
}

#[tokio::test]
async fn a_command_checks_at_its_start_whether_it_gets_the_connections_that_it_needs() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE solo LOGIN CREATEDB CONNECTION LIMIT 1").await;
    let direct = server.url("app").replace("postgres@", "solo@");
    // Behind a port mapping, the server's own address is not that of the URL, so the command cannot rule out a pooler
    // and tries to check for one with a second connection.
    let mapping = Proxy::transparent(&direct).await;
    for url in [direct.as_str(), mapping.url()] {
        let fixture = Fixture::new("plain", url);
        for args in [
            &["fresh-start", "--dry-run"][..],
            &["fresh-start"],
            &["fresh-start"],
            &["migrate-redo"],
            &["migrate-up", "--dry-run"],
            &["migrate-status"],
            &["seed-redo"],
            &["db-reset", "--dry-run"],
            &["db-reset", "--yes"],
            &["schema"],
        ] {
            let finished = fixture.run(args).await.succeeded();
            finished.output_lacks(["waiting for", "too many"]);
        }
        let schema = assert_refused(fixture.run(["schema", "migrations"]).await, 1);
        assert_snapshot!(
            "a_command_checks_at_its_start_whether_it_gets_the_connections_that_it_needs",
            schema.stderr
        );
    }
    execute(&superuser, "ALTER ROLE solo CONNECTION LIMIT 2").await;
    Fixture::new("plain", mapping.url()).run(["schema", "migrations"]).await.succeeded();
}

#[tokio::test]
async fn a_connection_that_breaks_during_the_pooler_check_is_reported_as_broken() {
    let db = TestDatabase::empty().await;
    let proxy = Proxy::cutting_connections_except_that_which_sends(
        "BEGIN; SELECT pg_backend_pid()",
        db.url(),
    )
    .await;
    let finished = assert_refused(Fixture::new("plain", proxy.url()).run(["migrate-up"]).await, 1);
    finished
        .stderr_contains([
            "error: the connection to the server was lost (",
            ") before Seedbed could check whether",
        ])
        .output_lacks(["is a pooler in"]);
}

#[tokio::test]
async fn a_policy_that_hides_rows_of_the_history_is_named() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE app LOGIN CREATEDB").await;
    let fixture = Fixture::new("plain", &server.url("app").replace("postgres@", "app@"));
    fixture.run(["fresh-start"]).await.succeeded();
    let connection_as_superuser = Database::connect(server.url("app")).await.expect("the database");
    let policy = "CREATE POLICY mine ON seaql_migrations USING (version < 'm20250101_000002')";
    execute(&connection_as_superuser, policy).await;
    execute(&connection_as_superuser, "ALTER TABLE seaql_migrations ENABLE ROW LEVEL SECURITY")
        .await;
    // The role `app` owns the table. The owner of a table sees every row unless row-level security is forced.
    fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    execute(&connection_as_superuser, "ALTER TABLE seaql_migrations FORCE ROW LEVEL SECURITY")
        .await;
    for args in [
        &["migrate-up"][..],
        &["migrate-up", "--dry-run"],
        &["migrate-status"],
        &["seed-up"],
        &["fresh-start"],
    ] {
        assert_refused(fixture.run(args).await, 1)
            .stderr_matches(snapshot!("a_policy_on_the_history"));
    }
    let connection_as_app = Database::connect(server.url("app").replace("postgres@", "app@")).await;
    let connection_as_app = connection_as_app.expect("the database");
    let error = ensure_schema_is_current(&connection_as_app, &["m20250101_000001_rows"])
        .await
        .expect_err("the policy hides rows");
    assert_snapshot!("a_policy_and_the_check_of_the_schema", error.to_string());
    execute(&connection_as_superuser, "ALTER TABLE seaql_migrations DISABLE ROW LEVEL SECURITY")
        .await;
    ensure_schema_is_current(&connection_as_app, &["m20250101_000001_rows"])
        .await
        .expect("the schema is current");
    execute(&connection_as_superuser, "ALTER TABLE seedbed_log ENABLE ROW LEVEL SECURITY").await;
    execute(&connection_as_superuser, "ALTER TABLE seedbed_log FORCE ROW LEVEL SECURITY").await;
    let log = assert_refused(fixture.run(["migrate-status"]).await, 1);
    log.stderr_matches(snapshot!("a_policy_that_hides_rows_of_the_history_is_named"));
}

#[tokio::test]
async fn everything_runs_as_the_given_role_which_owns_the_created_objects() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE deployer LOGIN; CREATE ROLE \"Shop owner\" CREATEDB").await;
    let url = server.url("shop").replace("postgres@", "deployer@");
    let fixture = Fixture::with_scripts(
        &url,
        [
            sql("m20250101_000001_one", ["CREATE TABLE one (id int)", "RESET ROLE"]),
            sql("m20250101_000002_two", ["CREATE TABLE two (id int)"]).no_transaction(),
            sql("m20250101_000003_three", ["CREATE TABLE IF NOT EXISTS three (id int)"]).sea_orm(),
            sql("m20250101_000004_four", ["CREATE TABLE four (id int)"]).seed(),
        ],
    );
    let role = ["--role", "Shop owner"];
    let not_granted = assert_refused(fixture.run([&["fresh-start"][..], &role].concat()).await, 1);
    // PostgreSQL 16 and later have an option that the hint names.
    not_granted.stderr_matches(
        snapshot!("everything_runs_as_the_given_role_which_owns_the_created_objects")
            .replacing(" WITH SET TRUE", ""),
    );
    let missing = assert_refused(fixture.run(["fresh-start", "--role", "nobody"]).await, 1);
    missing.stderr_matches(
        snapshot!("everything_runs_as_the_given_role_which_owns_the_created_objects_2")
            .replacing(" WITH SET TRUE", ""),
    );

    execute(&superuser, "GRANT \"Shop owner\" TO deployer").await;
    for command in ["fresh-start", "db-reset", "migrate-redo", "migrate-status"] {
        let yes: &[&str] = if command == "db-reset" { &["--yes"] } else { &[] };
        fixture.run([&[command][..], &role, yes].concat()).await.succeeded();
    }
    let shop = Database::connect(server.url("shop")).await.expect("the database");
    let owners = "SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class \
        WHERE relnamespace = 'public'::regnamespace \
        UNION SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'shop'";
    assert_eq!(texts(&shop, owners).await, ["Shop owner"]);
    let tables = "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(text(&shop, tables).await, "7", "four tables of the scripts, and Seedbed's three");
}

#[tokio::test]
async fn a_role_without_the_right_to_connect_learns_which_privilege_it_lacks() {
    let server = TestServer::start("");
    let superuser = connect(&server.url("postgres")).await;
    execute(&superuser, "CREATE ROLE alice LOGIN").await;
    execute(&superuser, "CREATE DATABASE shop").await;
    execute(&superuser, "REVOKE CONNECT ON DATABASE shop FROM PUBLIC").await;
    let url = server.url("shop").replace("postgres@", "alice@");
    for command in ["migrate-up", "migrate-status", "fresh-start"] {
        let run = Fixture::new("plain", &url).run([command]).await.exited_with(1);
        run.stderr_matches(snapshot!("a_role_without_the_right_to_connect"));
    }
    execute(&superuser, "GRANT CONNECT ON DATABASE shop TO alice").await;
    Fixture::new("plain", &url).run(["migrate-status"]).await.succeeded();
}

#[tokio::test]
async fn read_only_sessions_are_refused_before_anything_else() {
    let server = TestServer::start("");
    let superuser = connect(&server.url("postgres")).await;
    execute(&superuser, "CREATE DATABASE shop").await;
    let fixture = Fixture::new("plain", &server.url("shop"));
    let on = "SET default_transaction_read_only = on";
    for (object, commands) in [
        ("DATABASE shop", &["migrate-up", "migrate-redo", "fresh-start"][..]),
        ("ROLE postgres", &["migrate-up", "migrate-repair --applied x", "db-reset --yes"]),
    ] {
        execute(&superuser, &format!("ALTER {object} {on}")).await;
        for command in commands {
            let words: Vec<&str> = command.split(' ').collect();
            let run = fixture.run(words.as_slice()).await.exited_with(1);
            run.stderr_matches(snapshot!("read_only_sessions"));
        }
        fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["4 pending\n"]);
        execute(&superuser, &format!("ALTER {object} RESET default_transaction_read_only")).await;
    }
    execute(&superuser, &format!("ALTER DATABASE shop {on}")).await;
    let url = url_with(&server.url("shop"), "options=-cdefault_transaction_read_only%3Doff");
    Fixture::new("plain", &url).run(["migrate-up"]).await.succeeded();
}
