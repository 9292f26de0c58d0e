//! Tests invalid arguments, and the help.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, texts};
use test_support::{assert_snapshot, snapshot};

use crate::support::{SECRET, assert_refused};

const COMMANDS: [&str; 10] = [
    "migrate-up",
    "migrate-down",
    "migrate-redo",
    "migrate-status",
    "seed-up",
    "seed-down",
    "seed-redo",
    "seed-status",
    "fresh-start",
    "db-reset",
];

#[tokio::test]
async fn invalid_arguments_exit_with_2_before_a_connection() {
    let fixture = Fixture::without_database("plain").variable("RUST_BACKTRACE", "1");
    let mut errors = Vec::new();
    for args in [
        vec!["migrate-upp"],
        vec!["migrate_up"],
        vec!["sed-up"],
        vec!["fresh-strat"],
        vec!["migrate-up", "--stp", "1"],
        vec!["migrate-up", "--step", "0"],
        vec!["migrate-up", "--step", "-1"],
        vec!["migrate-redo", "--step", "two"],
        vec!["migrate-up", "--step", "99999999999"],
        vec!["migrate-up", "--step", "1", "--to", "x"],
        vec!["migrate-up", "--name", "x", "--all"],
        vec!["migrate-down", "--to", "x", "--name", "y"],
        vec!["migrate-up", "--to"],
        vec!["migrate-up", "--to", ""],
        vec!["seed-down", "--name", ""],
        vec!["migrate-up", "--lock-timeout", "10 parsecs"],
        vec!["migrate-up", "m20250101_000001_rows"],
        vec!["migrate-down", "--allow-out-of-order"],
    ] {
        let finished = assert_refused(fixture.run(args.as_slice()).await, 2);
        errors.push(format!("{}\n{}", args.join(" "), finished.stderr));
    }
    assert_snapshot!("invalid_arguments", errors.join("\n"));
}

#[tokio::test]
async fn without_a_database_the_hint_says_how_to_choose_one() {
    for command in COMMANDS {
        let finished = Fixture::without_database("plain").run([command]).await;
        let snapshot = snapshot!("without_a_database");
        let snapshot = snapshot.replacing(&format!("seedbed {command}"), "seedbed [command]");
        assert_refused(finished, 2).stderr_matches(snapshot);
    }
    let json = Fixture::new("plain", "").run(["migrate-up", "--json"]).await;
    assert_eq!(assert_refused(json, 2).json()["error"], "`DATABASE_URL` is empty");
}

#[tokio::test]
async fn a_password_on_the_command_line_is_never_printed() {
    let url = format!("postgres://app:{SECRET}@127.0.0.1/app");
    let fixture = Fixture::without_database("plain");
    for args in [
        vec!["migrate-up", &url],
        vec![&url],
        vec!["migrate-up", "--step", &url],
        vec!["--database-url", &url, "migrate-upp"],
        vec!["migrate-up", "--database_url", &url],
    ] {
        assert_refused(fixture.run(args.as_slice()).await, 2);
    }

    let db = TestDatabase::empty().await;
    fixture.run(["--database-url", db.url(), "migrate-up"]).await.succeeded();
    let applications = "SELECT DISTINCT application FROM seedbed_log";
    assert_eq!(texts(db.connection(), applications).await, ["seedbed migrate-up"]);
}

#[tokio::test]
async fn the_help_lists_every_command_and_prints_no_value_of_the_environment() {
    let url = format!("postgres://app:{SECRET}@127.0.0.1/app");
    let fixture = Fixture::new("plain", &url);
    let help =
        fixture.run(["--help"]).await.succeeded().stdout_contains(COMMANDS).output_lacks([SECRET]);
    assert!(help.stdout.starts_with("Migrations and seeds for PostgreSQL\n"), "{help}");
    assert_eq!(help.stderr, "");
    for command in COMMANDS {
        let help = fixture.run([command, "--help"]).await.succeeded().output_lacks([SECRET]);
        help.stdout_contains(["--database-url <URL>", "DATABASE_URL]", "APP_ENV]", "--json"]);
    }
    let nothing = Fixture::without_database("plain").run([]).await.exited_with(2);
    assert_eq!((nothing.stdout.as_str(), nothing.stderr), ("", help.stdout));
    fixture.run(["--version"]).await.succeeded().stdout_contains(["migrator 0."]);
}

#[tokio::test]
async fn a_timeout_that_postgresql_cannot_measure_is_wrong_use_and_the_limit_is_named() {
    let fixture = Fixture::new("plain", "postgres://nobody@127.0.0.1:1/nothing");
    for flag in ["--lock-timeout", "--statement-timeout", "--lock-wait"] {
        for (time, reason) in [
            ("2147483648ms", "longer than 2147483647ms, about 24 days"),
            ("30days", "longer than 2147483647ms, about 24 days"),
            ("999us", "shorter than 1ms"),
        ] {
            let run = fixture.run(["migrate-up", flag, time]).await.exited_with(2);
            run.stderr_contains([flag, reason]);
        }
        // These times are accepted, so the command reaches the server that does not exist.
        for time in ["0", "1ms", "2147483647ms"] {
            let run = fixture.run(["migrate-up", "--wait=0", flag, time]).await.exited_with(1);
            run.stderr_contains(["no PostgreSQL server answers"]);
        }
    }
}
