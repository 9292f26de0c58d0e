//! Tests the commands that run in cargo or in the project's `migrator`. In these tests, both are programs that print
//! their arguments.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use test_support::{assert_snapshot, clear_environment};

use crate::support::{Checkout, MIGRATIONS, SEEDS, fail, full_stderr, succeed};

/// A program that prints its name, its arguments and the database.
const PRINTS: &str = "#!/bin/sh\necho \"$(basename \"$0\") $*\"\necho \"${DATABASE_URL-no database} ${TEST_DATABASE_URL-}\"\n";

/// A program that prints the number of tests that run at once.
const PRINTS_THREADS: &str = "#!/bin/sh\necho \"${RUST_TEST_THREADS-not set}\"\n";

/// Creates a folder with `seedbed`, and beside it the programs that cargo would have built.
fn programs(checkout: &Checkout) -> PathBuf {
    programs_that(checkout, PRINTS)
}

fn programs_that(checkout: &Checkout, script: &str) -> PathBuf {
    let folder = checkout.path("programs");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("draft"), script).unwrap();
    // Another process writes the program. If this process wrote it, a test that starts another program at the same time
    // would make the file busy.
    let install = |from: &Path, name: &str| {
        let to = folder.join(name);
        succeed(Command::new("install").args(["-m", "755"]).args([from, &to]));
    };
    install(Path::new(env!("CARGO_BIN_EXE_seedbed")), "seedbed");
    install(&folder.join("draft"), "migrator");
    install(&folder.join("draft"), "migrator-without-seeds");
    install(&folder.join("draft"), "cargo");
    folder
}

fn seedbed(checkout: &Checkout, arguments: &[&str]) -> Command {
    let folder = programs(checkout);
    let mut command = checkout.command(folder.join("seedbed"));
    command.env("CARGO", folder.join("cargo")).env_remove("CI").args(arguments);
    command.env("DATABASE_URL", "postgres://ada:s3cret@db.example.org/shop?sslmode=require");
    command
}

#[test]
fn the_migrator_gets_the_arguments_and_the_announced_database() {
    let checkout = Checkout::new();
    let output = seedbed(&checkout, &["make", "migrate-up", "step=2", "args=--name 'a b'"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "migrator-without-seeds migrate-up --step=2 --name a b\n\
         postgres://ada:s3cret@db.example.org/shop?sslmode=require \n"
    );
    assert_eq!(full_stderr(&output), "database: db.example.org/shop (DATABASE_URL)\n");
}

/// The migrator spells the commands in its hints as the user has called this program.
#[test]
fn the_migrator_gets_the_name_of_the_program_that_the_user_called() {
    let checkout = Checkout::new();
    let folder =
        programs_that(&checkout, "#!/bin/sh\necho \"$(basename \"$0\") $SEEDBED_CALLED_BY\"\n");
    for (arguments, expected) in [
        (&["make", "migrate-up"][..], "migrator-without-seeds make\n"),
        (&["migrate-up"], "cargo \nmigrator-without-seeds seedbed\n"),
    ] {
        let mut command = checkout.command(folder.join("seedbed"));
        command.env("CARGO", folder.join("cargo")).env_remove("CI").args(arguments);
        let output = command.env("DATABASE_URL", "postgres://ada@db.example.org/shop").output();
        assert_eq!(String::from_utf8_lossy(&output.unwrap().stdout), expected);
    }
}

/// The migrator has the process id of `seedbed`, so a signal for `seedbed` reaches the migrator exactly once.
#[test]
fn the_seedbed_program_replaces_itself_with_the_migrator() {
    let checkout = Checkout::new();
    let folder = programs_that(&checkout, "#!/bin/sh\necho $$\n");
    let mut command = std::process::Command::new(folder.join("seedbed"));
    clear_environment(&mut command)
        .args(["make", "migrate-up"])
        .env("DATABASE_URL", "postgres://ada@db.example.org/shop")
        .current_dir(checkout.root())
        .stdout(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{id}\n"));
}

#[test]
fn a_database_url_argument_is_left_to_the_migrator() {
    let checkout = Checkout::new();
    let arguments = ["make", "migrate-status", "args=--database-url postgres://elsewhere/shop"];
    let output = seedbed(&checkout, &arguments).env_remove("DATABASE_URL").output().unwrap();
    assert_eq!(full_stderr(&output), "");
    assert!(!checkout.path(".postgres").exists());
}

#[test]
fn in_production_a_command_without_a_database_fails() {
    let checkout = Checkout::new();
    fs::write(checkout.path(".env"), "DATABASE_URL=postgres://from-the-file/shop\n").unwrap();
    for arguments in [
        &["make", "migrate-up", "env=production"][..],
        &["make", "migrate-up", "args=--env production"],
    ] {
        let mut command = seedbed(&checkout, arguments);
        command.env("SEEDBED_SERVICE_URL", "postgres://seedbed@db/seedbed");
        let (code, error) = fail(command.env_remove("DATABASE_URL"));
        assert_eq!(code, 1);
        assert!(error.starts_with("error: `DATABASE_URL` is not set, "), "{error}");
    }
}

#[test]
fn a_database_from_dotenv_is_announced_as_such() {
    let checkout = Checkout::new();
    fs::write(
        checkout.path(".env"),
        "DATABASE_URL=postgres://ada:s3cret@file:1/shop\nDATABASE_URL=postgres://two/shop\n",
    )
    .unwrap();
    let output =
        seedbed(&checkout, &["make", "migrate-up"]).env_remove("DATABASE_URL").output().unwrap();
    assert_eq!(full_stderr(&output), "database: file:1/shop (DATABASE_URL in .env)\n");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.contains("postgres://ada:s3cret@file:1/shop"), "{stdout}");
}

#[test]
fn tests_get_the_server_for_tests_and_no_other_database() {
    let checkout = Checkout::new();
    let server = "postgres://ada@tests/postgres";
    let mut command = seedbed(
        &checkout,
        &["make", "test", "module=backend", "filter=a_widget", "args=--nocapture"],
    );
    let stdout = succeed(command.env("TEST_DATABASE_URL", server));
    assert_eq!(
        stdout,
        format!(
            "cargo test --no-fail-fast --package backend -- a_widget --nocapture\nno database {server}\n"
        )
    );
    let mut command = seedbed(&checkout, &["make", "test"]);
    let same = command
        .env("TEST_DATABASE_URL", "postgres://ada:s3cret@db.example.org/shop?sslmode=require");
    let (code, error) = fail(same);
    assert_eq!(code, 1);
    assert_snapshot!("tests_get_the_server_for_tests_and_no_other_database", error);
}

#[test]
fn more_tests_than_processors_run_at_once_unless_rust_test_threads_is_set() {
    let checkout = Checkout::new();
    let folder = programs_that(&checkout, PRINTS_THREADS);
    let threads = |given: Option<&str>| {
        let mut command = checkout.command(folder.join("seedbed"));
        command.args(["make", "test"]).env("CARGO", folder.join("cargo")).env_remove("CI");
        command.env("TEST_DATABASE_URL", "postgres://ada@tests/postgres");
        match given {
            Some(given) => command.env("RUST_TEST_THREADS", given),
            None => command.env_remove("RUST_TEST_THREADS"),
        };
        succeed(&mut command)
    };
    let processors = std::thread::available_parallelism().unwrap().get();
    assert_eq!(threads(None), format!("{}\n", 3 * processors));
    assert_eq!(threads(Some("1")), "1\n");
}

#[test]
fn without_the_launcher_the_migrator_is_built_first() {
    let checkout = Checkout::new();
    for (arguments, features, program) in [
        (["migrate-up", "--step", "1"], " --no-default-features", "migrator-without-seeds"),
        (["seed-up", "--step", "1"], "", "migrator"),
    ] {
        let stdout = succeed(&mut seedbed(&checkout, &arguments));
        let lines: Vec<&str> = stdout.lines().collect();
        let build =
            format!("cargo build --quiet --package rds --package seedbed-cli{features} --features");
        assert!(lines[0].starts_with(&build), "{stdout}");
        assert!(lines[0].ends_with(&format!(" --bin {program}")), "{stdout}");
        assert_eq!(lines[2], format!("{program} {}", arguments.join(" ")));
    }
}

#[test]
fn a_misspelled_environment_is_found_by_the_folders_of_the_seeds() {
    let checkout = Checkout::new();
    let up = |name: &str| seedbed(&checkout, &["make", "migrate-up", &format!("env={name}")]);
    let (code, error) = fail(&mut up("prodution"));
    assert_eq!(code, 2);
    assert!(error.contains("did you mean `production`?"), "{error}");
    let (_, error) = fail(&mut up("prod"));
    assert!(error.contains("there is no environment `prod`"), "{error}");
    fs::create_dir(checkout.path(SEEDS).join("prod")).unwrap();
    succeed(&mut up("prod"));
}

#[test]
fn the_migrator_prints_the_help_of_its_commands() {
    let checkout = Checkout::new();
    let stdout = succeed(seedbed(&checkout, &["migrate-up", "--help"]).env_remove("DATABASE_URL"));
    assert!(stdout.contains("migrator-without-seeds migrate-up --help"), "{stdout}");
    assert!(!checkout.path(".postgres").exists());
}

/// Runs git in the checkout, as a user with a name.
fn git(checkout: &Checkout, arguments: &[&str]) {
    let user = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    succeed(checkout.command("git").args(user).args(arguments));
}

#[test]
fn the_scripts_that_have_changed_since_a_reference_are_verified_by_name() {
    let checkout = Checkout::new();
    let script = |folder: &str, name: &str, text: &str| {
        let body = "pub async fn up(_: &Schema<'_>) -> Result { Ok(()) }\n";
        fs::write(checkout.path(folder).join(format!("{name}.rs")), format!("{body}{text}"))
            .unwrap();
    };
    script(MIGRATIONS, "m20250101_000001_old", "");
    script(MIGRATIONS, "m20250101_000002_edited", "");
    git(&checkout, &["init", "--quiet", "--initial-branch=main"]);
    git(&checkout, &["add", "apps"]);
    git(&checkout, &["commit", "--quiet", "--message=Begin"]);
    let verify = |since: &str| {
        let since = format!("since={since}");
        seedbed(&checkout, &["make", "migrate-verify", &since, "json=1"]).output().unwrap()
    };
    let output = verify("main");
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert_eq!(
        full_stderr(&output),
        "nothing to verify: no migration and no seed has changed since main\n"
    );
    script(MIGRATIONS, "m20250101_000002_edited", "// The edit.\n");
    script(SEEDS, "m20250101_000003_new", "");
    let output = verify("main");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).lines().next(),
        Some(
            "migrator migrate-verify --json --name m20250101_000002_edited --name m20250101_000003_new"
        )
    );
    let output = verify("nowhere");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(full_stderr(&output).contains("changed since `nowhere`: "));
}
