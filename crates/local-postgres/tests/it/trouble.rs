//! The server on a machine where something went wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use local_postgres::{Started, Status};
use test_support::eventually;

use crate::support::{
    Machine, as_owner_of, binaries, data, kill, open_folder, sql, start, stop, try_start,
};

#[test]
fn a_killed_server_starts_again_with_what_was_committed() {
    let machine = Machine::new();
    let server = machine.server("shop");
    let first = start(&server);
    sql(&first, "set synchronous_commit = on; create table kept as select 1 as id");
    kill(&first);
    eventually("the server is gone", || matches!(server.status().unwrap(), Status::Stopped { .. }));

    let second = start(&server);
    assert_eq!(second.started(), Started::Now);
    assert_ne!(second.pid(), first.pid());
    assert_eq!(sql(&second, "select id from kept"), "1");
}

#[test]
fn a_server_killed_under_a_busy_session_starts_when_that_session_has_ended() {
    let machine = Machine::new();
    let server = machine.server("shop");
    let first = start(&server);
    // A loop that looks at nothing but a file does not notice that its server is gone.
    let busy =
        "do $$ begin while (pg_stat_file('end', true)).size is null loop null; end loop; end $$";
    let end = PathBuf::from(sql(&first, "show data_directory")).join("end");
    let mut session = first
        .psql(&binaries(), "postgres")
        .args(["-XAtqc", busy])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the session is busy", || {
        sql(&first, "select count(*) from pg_stat_activity where query like 'do %'") == "1"
    });
    kill(&first);

    // The session ends when the second server waits for it.
    let second = server.start(&mut |line: &str| {
        if line.contains("the processes of the killed server to end") {
            fs::write(&end, "").unwrap();
        }
    });
    assert_eq!(second.unwrap().started(), Started::Now);
    assert!(end.exists(), "it did not wait");
    session.wait().unwrap();
}

#[test]
fn a_pid_file_with_the_number_of_another_process_is_not_believed() {
    let machine = Machine::new();
    let server = machine.server("shop");
    let first = start(&server);
    let socket = first.socket().to_path_buf();
    kill(&first);
    eventually("the server is gone", || matches!(server.status().unwrap(), Status::Stopped { .. }));
    let data = data(&server);

    // A process of the server's own user, which is what PostgreSQL looks at.
    let mut other = as_owner_of(&data, "sleep").arg("600").spawn().unwrap();
    for file in [data.join("postmaster.pid"), socket.join(".s.PGSQL.5432.lock")] {
        let content = fs::read_to_string(&file).unwrap();
        let (_, rest) = content.split_once('\n').unwrap();
        fs::write(&file, format!("{}\n{rest}", other.id())).unwrap();
    }

    let second = try_start(&server).map(|running| running.started());
    let alive = other.try_wait().unwrap().is_none();
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(second.unwrap(), Started::Now);
    assert!(alive, "the other process has nothing to do with it");
}

#[test]
fn stopping_does_not_touch_another_process_that_has_the_number() {
    let machine = Machine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let data = data(&server);
    let mut other = as_owner_of(&data, "sleep").arg("600").spawn().unwrap();
    fs::write(data.join("postmaster.pid"), format!("{}\n", other.id())).unwrap();

    stop(&server);

    assert!(other.try_wait().unwrap().is_none(), "it was killed");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_pid_file_with_the_number_of_a_process_that_nobody_buried_is_not_believed() {
    let machine = Machine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let data = data(&server);
    let mut dead = as_owner_of(&data, "true").spawn().unwrap();
    fs::write(data.join("postmaster.pid"), format!("{}\n", dead.id())).unwrap();

    let started = try_start(&server).map(|running| running.started());
    dead.wait().unwrap();
    assert_eq!(started.unwrap(), Started::Now);
}

#[test]
fn a_cluster_of_another_major_version_is_named_with_both_versions() {
    let machine = Machine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let data = data(&server);
    fs::write(data.join("PG_VERSION"), "12\n").unwrap();

    let error = try_start(&server).unwrap_err();
    let binaries = binaries();
    let expected = format!(
        "the cluster in {} was made by PostgreSQL 12, and the programs in {} are PostgreSQL {}",
        data.display(),
        binaries.dir().display(),
        binaries.version()
    );
    assert_eq!(error.to_string(), expected);
    let hint = error.hint().unwrap();
    assert!(hint.starts_with("install PostgreSQL 12 again, or begin without"), "{hint}");
    assert!(hint.contains("rm -rf "), "{hint}");
}

#[test]
fn a_folder_that_is_no_cluster_is_named() {
    let machine = Machine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let data = data(&server);
    fs::remove_file(data.join("PG_VERSION")).unwrap();

    let error = try_start(&server).unwrap_err().to_string();
    let expected =
        format!("{} is not a PostgreSQL cluster: its PG_VERSION is missing", data.display());
    assert_eq!(error, expected);
}

#[test]
fn a_cluster_that_was_never_finished_is_made_anew() {
    let machine = Machine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let data = data(&server);
    let unfinished = data.with_file_name("initdb-left");
    fs::rename(&data, &unfinished).unwrap();

    assert_eq!(start(&server).started(), Started::Now);
    assert!(!unfinished.exists());
}

#[test]
fn a_server_that_does_not_start_shows_the_end_of_its_log_and_where_that_is() {
    let machine = Machine::new();
    let server = machine.server("shop");
    let running = start(&server);
    sql(&running, "alter system set shared_preload_libraries = 'no_such_library'");
    stop(&server);

    let error = try_start(&server).unwrap_err().to_string();
    let expected =
        format!("PostgreSQL did not start; the end of its log {}:\n    ", running.log().display());
    assert!(error.starts_with(&expected), "{error}");
    assert!(error.contains("could not access file \"no_such_library\""), "{error}");
}

#[test]
fn a_disk_that_fills_up_while_the_cluster_is_made_is_told_in_the_words_of_initdb() {
    // A script cannot be started from everywhere where a cluster can be.
    let folder = open_folder(Path::new("/tmp"));
    let bin = folder.path();
    let machine = Machine::new();
    let real = binaries();
    for program in ["postgres", "pg_ctl", "psql"] {
        std::os::unix::fs::symlink(real.dir().join(program), bin.join(program)).unwrap();
    }
    // No file may be larger than a few blocks, and the signal that says so is ignored.
    let script = format!(
        "#!/bin/sh\ntrap '' XFSZ\nulimit -f 100\nexec {}/initdb \"$@\"\n",
        real.dir().display()
    );
    fs::write(machine.path("draft"), script).unwrap();
    let mut install = std::process::Command::new("install");
    install.args(["-m", "755"]).args([machine.path("draft"), bin.join("initdb")]);
    assert!(install.status().unwrap().success());
    let mut settings = machine.settings();
    settings.bin = Some(bin.to_path_buf());
    let server = machine.server_for("shop", local_postgres::Purpose::Development, settings);

    let error = try_start(&server).unwrap_err().to_string();
    assert!(error.starts_with("could not make a PostgreSQL cluster in "), "{error}");
    assert!(error.contains("File too large"), "{error}");

    // With room again it starts, on a cluster that is whole.
    assert_eq!(start(&machine.server("shop")).started(), Started::Now);
}

#[test]
fn programs_that_were_moved_away_do_not_keep_a_running_server_from_being_used_and_stopped() {
    let machine = Machine::new();
    let real = binaries();
    let bin = machine.path("bin");
    fs::create_dir(&bin).unwrap();
    for program in ["initdb", "postgres", "pg_ctl", "psql"] {
        std::os::unix::fs::symlink(real.dir().join(program), bin.join(program)).unwrap();
    }
    let mut settings = machine.settings();
    settings.bin = Some(bin.clone());
    let server = machine.server_for("shop", local_postgres::Purpose::Development, settings);
    start(&server);
    fs::remove_dir_all(&bin).unwrap();

    assert_eq!(start(&server).started(), Started::Before);
    stop(&server);
    let error = try_start(&server).unwrap_err().to_string();
    assert!(error.ends_with("where there is no program `initdb`"), "{error}");
    assert_eq!(start(&machine.server("shop")).started(), Started::Now);
}
