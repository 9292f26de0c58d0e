//! Tests the errors of a server that cannot be started.

use std::fs;
use std::path::Path;

use local_postgres::{Error, StartOutcome};
use test_support::snapshot;

use crate::support::{
    TestMachine, binaries, cluster_dir, sql, start, stop, traversable_folder, try_start,
};

#[test]
fn the_error_for_a_cluster_of_another_major_version_names_both_versions() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let cluster_dir = cluster_dir(&server);
    fs::write(cluster_dir.join("PG_VERSION"), "12\n").unwrap();

    let error = try_start(&server).unwrap_err();
    let binaries = binaries();
    let message = format!("{error}\nhint: {}", error.hint().unwrap());
    snapshot!("version_mismatch")
        .replacing(cluster_dir.parent().unwrap().to_str().unwrap(), "[cluster]")
        .replacing(binaries.dir().to_str().unwrap(), "[programs]")
        .replacing(&format!("PostgreSQL {}", binaries.version()), "PostgreSQL [version]")
        .assert_matches(&message);

    // The hint works: the server starts on a new cluster, and the old one still exists.
    fs::rename(&cluster_dir, cluster_dir.with_file_name("data-12")).unwrap();
    assert_eq!(start(&server).start_outcome(), StartOutcome::Started);
    assert!(cluster_dir.with_file_name("data-12").join("PG_VERSION").exists());
}

#[test]
fn the_error_for_a_folder_that_is_not_a_cluster_names_the_missing_file() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let cluster_dir = cluster_dir(&server);
    fs::remove_file(cluster_dir.join("PG_VERSION")).unwrap();

    let error = try_start(&server).unwrap_err();
    assert!(
        matches!(&error, Error::InvalidCluster { cluster_dir: invalid, .. } if *invalid == cluster_dir),
        "{error}"
    );
}

#[test]
fn the_error_for_a_server_that_does_not_start_contains_the_end_of_its_log() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    let running = start(&server);
    sql(&running, "alter system set shared_preload_libraries = 'no_such_library'");
    stop(&server);

    let error = try_start(&server).unwrap_err();
    assert!(matches!(&error, Error::StartFailed { log, .. } if log == running.log()), "{error}");
    assert!(error.to_string().contains("could not access file \"no_such_library\""), "{error}");
}

#[test]
fn the_error_for_a_full_disk_contains_the_message_of_initdb() {
    // The folder of the cluster may be on a file system from which no program can be started.
    let folder = traversable_folder(Path::new("/tmp"));
    let bin = folder.path();
    let machine = TestMachine::new();
    let real = binaries();
    for program in ["postgres", "pg_ctl", "psql"] {
        std::os::unix::fs::symlink(real.dir().join(program), bin.join(program)).unwrap();
    }
    // The script limits the size of each file, and ignores the signal that would kill `initdb` at the limit.
    let script = format!(
        "#!/bin/sh\ntrap '' XFSZ\nulimit -f 100\nexec {}/initdb \"$@\"\n",
        real.dir().display()
    );
    fs::write(machine.path("draft"), script).unwrap();
    let mut install = std::process::Command::new("install");
    install.args(["-m", "755"]).args([machine.path("draft"), bin.join("initdb")]);
    assert!(install.status().unwrap().success());
    let mut settings = machine.settings();
    settings.bin_dir = Some(bin.to_path_buf());
    let server = machine.server_for("shop", local_postgres::Purpose::Development, settings);

    let error = try_start(&server).unwrap_err();
    assert!(matches!(error, Error::InitdbFailed { .. }), "{error}");
    assert!(error.to_string().contains("File too large"), "{error}");

    // Without the limit, the server starts on a complete cluster.
    assert_eq!(start(&machine.server("shop")).start_outcome(), StartOutcome::Started);
}

#[test]
fn a_running_server_is_found_and_stopped_after_its_programs_were_removed() {
    let machine = TestMachine::new();
    let real = binaries();
    let bin = machine.path("bin");
    fs::create_dir(&bin).unwrap();
    for program in ["initdb", "postgres", "pg_ctl", "psql"] {
        std::os::unix::fs::symlink(real.dir().join(program), bin.join(program)).unwrap();
    }
    let mut settings = machine.settings();
    settings.bin_dir = Some(bin.clone());
    let server = machine.server_for("shop", local_postgres::Purpose::Development, settings);
    start(&server);
    fs::remove_dir_all(&bin).unwrap();

    assert_eq!(start(&server).start_outcome(), StartOutcome::AlreadyRunning);
    stop(&server);
    let error = try_start(&server).unwrap_err();
    assert!(matches!(error, Error::MissingProgram { program: "initdb", .. }), "{error}");
    assert_eq!(start(&machine.server("shop")).start_outcome(), StartOutcome::Started);
}
