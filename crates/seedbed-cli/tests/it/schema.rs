//! Tests `schema` and `schema-check`, with a stand-in for the migrator.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use test_support::Deadline;

use crate::support::{MigratedCheckout, fail, stderr, succeed};

const SQL: &str = "CREATE TABLE widgets (id uuid PRIMARY KEY, name text NOT NULL)";
const FOLDER: &str = "apps/backend/tools/rds";

fn file(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

#[test]
fn the_three_files_are_written_and_the_paths_of_those_that_changed_are_printed() {
    let migrated = MigratedCheckout::new(SQL);
    let written = succeed(&mut migrated.make(&["schema"]));
    let all = ["schema.md", "schema.sql", "schema.svg"].map(|name| file(name) + "\n").concat();
    assert_eq!(written, all);
    assert!(migrated.read(&file("schema.sql")).contains("CREATE TABLE public.widgets"));
    let page = migrated.read(&file("schema.md"));
    assert!(page.contains("(<schema.svg>)") && page.contains("```mermaid\nerDiagram\n"), "{page}");
    assert!(migrated.read(&file("schema.svg")).contains(">widgets</text>"));
    assert_eq!(migrated.migrator_log(), "temporary-database\ndropped\n");

    let again = migrated.make(&["schema"]).output().unwrap();
    assert!(again.status.success() && again.stdout.is_empty(), "{again:?}");
    assert_eq!(stderr(&again), "nothing to do: the schema files are current\n");
    let names = fs::read_dir(migrated.checkout.path(FOLDER)).unwrap().count();
    assert_eq!(names, 4, "src and three files");
}

#[test]
fn stale_files_are_listed_with_the_commands_that_write_and_compare_them() {
    let migrated = MigratedCheckout::new(SQL);
    succeed(&mut migrated.make(&["schema"]));
    // A checkout may change the line ends.
    let sql = migrated.read(&file("schema.sql"));
    migrated.write(&file("schema.sql"), &sql.replace('\n', "\r\n"));
    succeed(&mut migrated.make(&["schema-check"]));

    migrated.write(&file("schema.sql"), &format!("{sql}\nCREATE TABLE public.more ();\n"));
    fs::remove_file(migrated.checkout.path(&file("schema.svg"))).unwrap();
    let (code, error) = fail(&mut migrated.make(&["schema-check", "args=--role me"]));
    assert_eq!(code, 1);
    for expected in [
        "error: the schema files do not match the migrations:\n",
        "`apps/backend/tools/rds/schema.sql` differs on line ",
        "`apps/backend/tools/rds/schema.svg` is missing",
        "hint: run `make schema` ",
        "`make schema args='--diff apps/backend/tools/rds/schema.sql migrations'`",
    ] {
        assert!(error.contains(expected), "{error}");
    }
    assert!(migrated.migrator_log().ends_with("temporary-database --role me\ndropped\n"));
}

#[test]
fn other_files_and_databases_are_written_too() {
    let migrated = MigratedCheckout::new(SQL);
    let mut command = migrated.make(&["schema", "args=--output pictures/all.svg x.sql"]);
    assert_eq!(succeed(&mut command), "pictures/all.svg\n");
    assert_eq!(migrated.migrator_log(), "temporary-database x.sql\ndropped\n");
    assert!(migrated.read("pictures/all.svg").contains(">widgets</text>"));

    let url = migrated.checkout.url();
    let arguments = format!("args=--output all.sql {url}");
    assert_eq!(succeed(&mut migrated.make(&["schema", &arguments])), "all.sql\n");
    assert!(migrated.read("all.sql").contains("CREATE TABLE public.widgets"));
    assert_eq!(migrated.migrator_log().lines().count(), 2, "a database needs no migrator");
}

#[test]
fn other_arguments_are_left_to_the_migrator() {
    let migrated = MigratedCheckout::new(SQL);
    succeed(&mut migrated.make(&["schema", "args=--diff a.sql migrations", "json=1"]));
    assert_eq!(migrated.migrator_log(), "schema --json --diff a.sql migrations\ndropped\n");
}

#[test]
fn an_object_that_the_sql_does_not_create_is_a_warning() {
    let migrated = MigratedCheckout::new("CREATE PUBLICATION p");
    let written = migrated.make(&["schema"]).output().unwrap();
    assert!(written.status.success(), "{written:?}");
    let warning = "warning: `publication p` is not supported, so the SQL does not create it\n";
    assert!(stderr(&written).contains(warning), "{written:?}");
}

#[test]
fn a_failed_migrator_prints_the_only_error() {
    let script = "#!/bin/sh\necho 'error: the migration failed' >&2\nexit 3\n";
    let migrated = MigratedCheckout::with_migrator(SQL, script);
    let (code, error) = fail(&mut migrated.make(&["schema"]));
    assert_eq!((code, error.as_str()), (3, "error: the migration failed\n"));
    assert!(!migrated.checkout.path(&file("schema.sql")).exists());

    let killed = MigratedCheckout::with_migrator(SQL, "#!/bin/sh\nkill -9 $$\n");
    let (code, error) = fail(&mut killed.make(&["schema"]));
    assert_eq!(code, 1);
    assert!(error.contains("error: the migrator was killed: signal: 9"), "{error}");
}

/// A stand-in that prints no database, as if it were still applying migrations, until its stdin ends.
const SLOW: &str =
    "#!/bin/sh\necho started >>migrator.log\ncat >/dev/null\necho dropped >>migrator.log\n";

#[test]
fn a_signal_ends_the_command_after_the_database_is_dropped() {
    let migrated = MigratedCheckout::with_migrator(SQL, SLOW);
    for (signal, code) in [(Signal::TERM, Some(130)), (Signal::KILL, None)] {
        let _ = fs::remove_file(migrated.checkout.path("migrator.log"));
        let mut command = migrated.make_child(&["schema"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let deadline = Deadline::new();
        while migrated.migrator_log() != "started\n" {
            deadline.check(|| "the migrator has not started".to_owned());
            std::thread::yield_now();
        }
        kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), code);
        // After SIGKILL, the stand-in ends by itself, some time later.
        let deadline = Deadline::new();
        while migrated.migrator_log() != "started\ndropped\n" {
            assert_eq!(code, None, "`seedbed` did not wait for the migrator");
            deadline.check(|| "the migrator has not ended".to_owned());
            std::thread::yield_now();
        }
        if code.is_some() {
            let mut stderr = String::new();
            child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
            assert!(stderr.ends_with("error: interrupted\n"), "{stderr}");
        }
    }
}
