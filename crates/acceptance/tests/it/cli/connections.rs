//! Servers that are not there, or do not let everybody in.

use std::time::{Duration, Instant};

use sea_orm::Database;
use seedbed_testdb::TestDatabase;
use test_support::Deadline;

use crate::support::{Fixture, OwnServer, Program, execute, text};

use super::{SECRET, refused};

#[tokio::test]
async fn a_server_that_nobody_runs_is_waited_for_and_given_up() {
    let port = Program::free_port();
    let url = format!("postgres://app:{SECRET}@127.0.0.1:{port}/app");
    let fixture = Fixture::new("plain", &url);
    let begun = Instant::now();
    let running = ["migrate-up", "migrate-status", "fresh-start"]
        .map(|command| fixture.start([command, "--wait", "1s"]));
    for running in running {
        let finished = refused(running.finished().await, 1);
        assert!(begun.elapsed() >= Duration::from_secs(1), "{finished}");
        let lines: Vec<&str> = finished.stderr.lines().collect();
        let [waiting, error, hint] = lines[..] else { panic!("{finished}") };
        let refused = ": Connection refused (os error ";
        let begins = format!("waiting for the server at 127.0.0.1:{port}{refused}");
        assert!(waiting.starts_with(&begins), "{finished}");
        let begins = format!("error: no PostgreSQL server answers at 127.0.0.1:{port} after ");
        assert!(error.starts_with(&begins) && error.contains(refused), "{finished}");
        assert_eq!(
            hint,
            "hint: is the server running, and is the host right? `--wait 60s` waits longer"
        );
    }
}

#[tokio::test]
async fn names_and_sockets_that_lead_nowhere_are_told() {
    for (url, said) in [
        (
            "postgres://app:SECRET@nowhere.invalid/app",
            "no PostgreSQL server answers at nowhere.invalid:5432 after",
        ),
        (
            "postgres://app:SECRET@x/app?host=/nonexistent",
            "no PostgreSQL server answers at /nonexistent after",
        ),
        (
            "postgres://app:SECRET@%2Fnonexistent/app",
            "no PostgreSQL server answers at /nonexistent after",
        ),
        (
            "postgres://app:SECRET@127.0.0.1,127.0.0.2/app",
            "no PostgreSQL server answers at 127.0.0.1,127.0.0.2:5432 after",
        ),
    ] {
        let url = url.replace("SECRET", SECRET);
        let finished = Fixture::new("plain", &url).run(["migrate-up", "--wait", "100ms"]).await;
        refused(finished, 1).said([said, "hint: is the server running, and is the host right?"]);
    }
}

#[tokio::test]
async fn a_server_that_comes_up_later_is_in_time() {
    let server = OwnServer::start("");
    server.stop_at_once();
    let fixture = Fixture::new("plain", &server.url("app"));
    let running = fixture.start(["fresh-start", "--wait", "1h"]);
    running.says("waiting for the server at 127.0.0.1:").await;
    server.start_again();
    running
        .finished()
        .await
        .succeeded()
        .printed(["created  app at 127.0.0.1:", "4 migrations applied"]);
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_told_with_how_to_create_it() {
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let missing = db.url().replacen(&name, &format!("{name}-x"), 1);
    for command in ["migrate-up", "migrate-status", "seed-down"] {
        let finished = refused(Fixture::new("plain", &missing).run([command]).await, 1);
        let lines: Vec<&str> = finished.stderr.lines().collect();
        assert!(
            lines[0].starts_with(&format!("error: the database {name}-x does not exist at ")),
            "{finished}"
        );
        assert_eq!(
            lines[1..],
            [format!("hint: `make fresh-start` creates it, or: CREATE DATABASE \"{name}-x\";")]
        );
    }
    let databases = format!("SELECT count(*)::text FROM pg_database WHERE datname = '{name}-x'");
    assert_eq!(text(db.connection(), &databases).await, "0");
}

#[tokio::test]
async fn a_server_with_passwords_lets_in_who_knows_one_and_says_so_to_others() {
    let server = OwnServer::start("");
    let port = server.port();
    let owner = Database::connect(server.url("postgres")).await.expect("our own server");
    let password = "p@ss/w:rd#?% '\"";
    execute(&owner, &format!("CREATE ROLE app LOGIN PASSWORD '{}'", password.replace('\'', "''")))
        .await;
    execute(&owner, "CREATE DATABASE app OWNER app").await;
    let hba = "host all app 127.0.0.1/32 scram-sha-256\n";
    std::fs::write(server.data().join("pg_hba.conf"), hba).expect("a file in the cluster");
    execute(&owner, "SELECT pg_reload_conf()").await;

    let fixture = |user: &str, password: &str, database: &str| {
        Fixture::new("plain", &format!("postgres://{user}:{password}@127.0.0.1:{port}/{database}"))
            .variable("RUST_BACKTRACE", "1")
    };
    // The server reads the file when it comes to it.
    let deadline = Deadline::new();
    let wrong = loop {
        let finished = fixture("app", SECRET, "app").run(["migrate-up"]).await;
        if finished.code != Some(0) {
            break finished;
        }
        deadline.check(|| format!("it does not ask for a password: {finished}"));
    };
    let refuses = |user: &str| format!("error: 127.0.0.1:{port} refuses the role {user}: ");
    for finished in [wrong, fixture("app", SECRET, "app").run(["fresh-start"]).await] {
        assert_eq!(
            refused(finished, 1).stderr,
            format!(
                "{}password authentication failed for user \"app\"\n\
                 hint: check the user and password in DATABASE_URL\n",
                refuses("app")
            )
        );
    }
    let nobody = refused(fixture("nobody", SECRET, "app").run(["migrate-status"]).await, 1);
    assert_eq!(
        nobody.stderr,
        format!(
            "{}no pg_hba.conf entry for host \"127.0.0.1\", user \"nobody\", database \"app\", no \
             encryption\n\
             hint: this server may ask for TLS: sslmode=require in the URL\n",
            refuses("nobody")
        )
    );
    let encoded = "p%40ss%2Fw%3Ard%23%3F%25%20%27%22";
    let right = fixture("app", encoded, "app").run(["migrate-up"]).await.succeeded();
    right.never_said([password, encoded]);

    let other = refused(fixture("app", encoded, "other").run(["fresh-start"]).await, 1);
    assert_eq!(
        other.stderr,
        "error: the role app may not create the database other: permission denied to create database\n\
         hint: as an administrator: ALTER ROLE app CREATEDB; or CREATE DATABASE other OWNER app;\n"
    );
}
