//! Tests the commands that start, stop and use the local server.

use std::fs;
use std::thread;

use test_support::{assert_snapshot, snapshot};

use crate::support::{Checkout, fail, full_stderr, stderr, stdout, succeed};

#[test]
fn only_the_url_is_printed_on_stdout_and_it_connects_to_the_server() {
    let checkout = Checkout::new();
    let output = checkout.seedbed(&["db-url"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let url = stdout(&output);
    assert!(
        url.starts_with("postgres://postgres@localhost:5432/seedbed_development?host=/"),
        "{url}"
    );
    assert_eq!(url.lines().count(), 1);
    assert!(stderr(&output).contains("local server started"), "{output:?}");

    let again = checkout.seedbed(&["db-url"]).output().unwrap();
    assert_eq!((stdout(&again), stderr(&again)), (url.clone(), String::new()));

    // The other commands use the server with DATABASE_URL set to the printed URL.
    let server = url.trim().replace("/seedbed_development", "/postgres");
    let mut psql = checkout.seedbed(&["db-psql", "-XAtqc", "select current_user"]);
    assert_eq!(succeed(psql.env("DATABASE_URL", server)), "postgres\n");
}

#[test]
fn the_server_starts_and_stops_and_reports_both() {
    let checkout = Checkout::new();
    let run = |command: &str| {
        let output = checkout.seedbed(&[command]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        (stdout(&output), stderr(&output))
    };

    assert!(run("db-status").0.starts_with("absent "));
    assert_eq!(run("db-stop").1, "no local server was running\n");
    assert!(run("db-start").1.contains("local server started (process "));
    assert!(run("db-start").1.starts_with("local server already running (process "));
    assert!(run("db-status").0.starts_with("running  process "));
    assert_eq!(run("db-stop"), (String::new(), "local server stopped\n".to_owned()));
    assert!(run("db-status").0.starts_with("stopped "));
    assert_eq!(run("db-stop").1, "no local server was running\n");
}

#[test]
fn the_server_for_tests_is_separate_and_db_stop_stops_both() {
    let checkout = Checkout::new();
    let mut command = checkout.seedbed(&["db-url", "--for-tests"]);
    let tests = succeed(command.env("DATABASE_URL", "postgres://set/shop"));
    assert!(tests.starts_with("postgres://postgres@localhost:5432/postgres?host=/"), "{tests}");
    assert_ne!(succeed(&mut checkout.seedbed(&["db-url"])), tests);
    let status = succeed(&mut checkout.seedbed(&["db-status"]));
    assert!(status.contains("\ntests    process "), "{status}");
    let output = checkout.seedbed(&["db-stop"]).output().unwrap();
    let both = "local server stopped\nlocal server for tests stopped\n";
    assert_eq!(stderr(&output), both);
}

#[test]
fn concurrent_commands_start_only_one_server() {
    let checkout = Checkout::new();
    let outputs: Vec<_> = thread::scope(|scope| {
        let commands: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| checkout.seedbed(&["db-url"]).output().unwrap()))
            .collect();
        commands.into_iter().map(|command| command.join().unwrap()).collect()
    });

    let starts = outputs.iter().filter(|output| stderr(output).contains("server started"));
    assert_eq!(starts.count(), 1, "{outputs:?}");
    for output in &outputs {
        assert!(output.status.success(), "{output:?}");
        assert_eq!(stdout(output), stdout(&outputs[0]));
    }
}

#[test]
fn a_pipe_closes_when_the_command_ends() {
    let checkout = Checkout::new();
    // `cat` waits until no process has the other end open, whether as stream 1, 2, 3 or 200.
    let script = "seedbed db-start 2>&1 3>&1 200>&1 | cat; seedbed db-status";
    let stdout = succeed(&mut checkout.shell(script));
    assert!(stdout.contains("running  process "), "{stdout}");
}

#[test]
fn the_server_does_not_inherit_locks_of_the_command() {
    let checkout = Checkout::new();
    let script = "(exec 9>lock; flock 9; seedbed db-start); flock -n lock true && echo free";
    assert_eq!(succeed(&mut checkout.shell(script)), "free\n");
}

#[test]
fn the_server_has_its_own_process_group() {
    let checkout = Checkout::new();
    // Ctrl-C goes to the whole group. Job control gives the command its own group.
    let script = "set -m; seedbed db-start & group=$!; wait $group
        kill -INT -- -$group 2>/dev/null && echo 'somebody was left'; seedbed db-status";
    let stdout = succeed(&mut checkout.shell(script));
    assert!(stdout.starts_with("running  process "), "{stdout}");
}

#[test]
fn a_named_database_is_printed_without_a_message() {
    let checkout = Checkout::new();
    let url = "postgres://ada:s3cret@db.example.org/shop?sslmode=verify-full";
    let output = checkout.seedbed(&["db-url"]).env("DATABASE_URL", url).output().unwrap();

    assert_eq!((stdout(&output), stderr(&output)), (format!("{url}\n"), String::new()));
    assert!(!checkout.path(".postgres").exists());
}

#[test]
fn a_dotenv_file_sets_variables_except_in_production() {
    let checkout = Checkout::new();
    fs::write(checkout.path(".env"), "DATABASE_URL=postgres://from-the-file/shop\n").unwrap();

    let url = succeed(&mut checkout.seedbed(&["db-url"]));
    assert_eq!(url, "postgres://from-the-file/shop\n");
    let url = succeed(checkout.seedbed(&["db-url"]).env("DATABASE_URL", "postgres://set/shop"));
    assert_eq!(url, "postgres://set/shop\n");
    let url = succeed(checkout.seedbed(&["db-url"]).env("DATABASE_URL", ""));
    assert!(url.contains("/seedbed_development?"), "{url}");
    let (code, error) = fail(checkout.seedbed(&["db-url"]).env("APP_ENV", "production"));
    assert_eq!(code, 1);
    assert_snapshot!("a_dotenv_file_sets_variables_except_in_production", error);
}

#[test]
fn an_invalid_line_of_a_dotenv_file_is_reported_and_not_quoted() {
    let checkout = Checkout::new();
    let lines = "APP_ENV=development\nDATABASE_URL=postgres://ada:s3 cret@db/shop\n";
    fs::write(checkout.path(".env"), lines).unwrap();
    let (code, error) = fail(&mut checkout.seedbed(&["db-url"]));

    assert_eq!(code, 1);
    let snapshot = snapshot!("an_invalid_line_of_a_dotenv_file_is_reported_and_not_quoted");
    snapshot.replacing(&checkout.root().display().to_string(), "[checkout]").assert_matches(&error);
    assert!(!error.contains("s3") && !error.contains("cret"), "{error}");
}

#[test]
fn a_dotenv_file_has_one_meaning_for_every_command() {
    let checkout = Checkout::new();
    let url = "postgres://ada:ab$defgh@127.0.0.1:1/first?pgbouncer=true&schema=billing";
    for quoted in [url.to_owned(), format!("\"{url}\""), format!("'{url}'")] {
        let lines = format!("DATABASE_URL={quoted}\nDATABASE_URL=postgres://127.0.0.1:2/second\n");
        fs::write(checkout.path(".env"), lines).unwrap();
        assert_eq!(succeed(&mut checkout.seedbed(&["db-url"])), format!("{url}\n"));
        let output = checkout.seedbed(&["db-psql", "-c", "select 1"]).output().unwrap();
        let error = full_stderr(&output);
        let announced = "database: 127.0.0.1:1/first (DATABASE_URL in .env)\n";
        assert!(error.starts_with(announced), "{error}");
        assert!(error.contains("port 1 failed") && !error.contains("port 2"), "{error}");
    }
}

#[test]
fn psql_runs_with_its_own_arguments_and_exit_code() {
    let checkout = Checkout::new();
    let psql = |arguments: &[&str]| {
        let output = checkout.seedbed(arguments).output().unwrap();
        (output.status.code(), stdout(&output), stderr(&output))
    };

    let (code, _, error) = psql(&["db-psql", "-c", "select 1"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("note: the database `seedbed_development` does not exist"), "{error}");

    psql(&["db-psql", "-d", "postgres", "-qc", "create database seedbed_development"]);
    let question = "select current_database()";
    let (code, answer, _) = psql(&["db-psql", "--", "-XAtqc", question]);
    assert_eq!((code, answer.as_str()), (Some(0), "seedbed_development\n"));
    let (code, answer, error) = psql(&["db-psql", "-XAtqc", question]);
    assert_eq!((code, answer.as_str(), error.as_str()), (Some(0), "seedbed_development\n", ""));
    assert_eq!(psql(&["db-psql", "-XAtqc", "select x"]).0, Some(1));
}

#[test]
fn psql_gets_the_password_in_the_environment() {
    let checkout = Checkout::new();
    let bin = checkout.path("bin");
    fs::create_dir(&bin).unwrap();
    let fake = "#!/bin/sh\necho \"$PGPASSWORD: $*\"\n";
    fs::write(bin.join("draft"), fake).unwrap();
    let script = "install -m 755 bin/draft bin/psql && PATH=bin:$PATH SEEDBED_PG_BIN=/nowhere seedbed db-psql -l";
    let mut command = checkout.shell(script);
    let stdout = succeed(command.env("DATABASE_URL", "postgres://ada:s3cret@db/shop"));
    assert_eq!(stdout, "s3cret: postgres://ada@db/shop -l\n");
}

#[test]
fn a_malformed_url_is_reported_without_its_password() {
    let checkout = Checkout::new();
    let mut command = checkout.seedbed(&["db-psql"]);
    let (code, error) = fail(command.env("DATABASE_URL", "s3cret@db"));
    assert_eq!(code, 1);
    assert_snapshot!("a_malformed_url_is_reported_without_its_password", error);
    assert!(!error.contains("s3cret"), "{error}");
}

#[test]
fn an_error_of_the_server_includes_its_hint() {
    let checkout = Checkout::new();
    let mut command = checkout.seedbed(&["db-start"]);
    let (code, error) = fail(command.env("SEEDBED_PG_BIN", "/nowhere"));

    assert_eq!(code, 1);
    assert_snapshot!("an_error_of_the_server_includes_its_hint", error);
}
