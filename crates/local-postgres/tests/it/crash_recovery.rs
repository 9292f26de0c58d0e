//! Tests starting a server after a crash, and the files that a killed server leaves behind.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use local_postgres::{ServerStatus, StartOutcome};
use test_support::eventually;

use crate::support::{
    TestMachine, as_owner_of, binaries, cluster_dir, kill, sql, start, stop, try_start,
};

#[test]
fn a_killed_server_is_started_again_with_its_committed_data() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    let first = start(&server);
    sql(&first, "set synchronous_commit = on; create table kept as select 1 as id");
    kill(&first);
    eventually("the server is gone", || {
        matches!(server.status().unwrap(), ServerStatus::Stopped { .. })
    });

    let second = start(&server);
    assert_eq!(second.start_outcome(), StartOutcome::Started);
    assert_ne!(second.pid(), first.pid());
    assert_eq!(sql(&second, "select id from kept"), "1");
}

#[test]
fn a_start_waits_for_the_sessions_of_a_killed_server_to_end() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    let first = start(&server);
    // A session in this loop does not notice that its server is gone. The session ends when the file exists.
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

    // The session ends as soon as the start reports that it waits.
    let second = server.start(&mut |line: &str| {
        if line.contains("the processes of the killed server to end") {
            fs::write(&end, "").unwrap();
        }
    });
    assert_eq!(second.unwrap().start_outcome(), StartOutcome::Started);
    assert!(end.exists(), "the start did not wait");
    session.wait().unwrap();
}

#[test]
fn a_pid_file_with_the_id_of_another_process_does_not_prevent_a_start() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    let first = start(&server);
    let socket = first.socket_dir().to_path_buf();
    kill(&first);
    eventually("the server is gone", || {
        matches!(server.status().unwrap(), ServerStatus::Stopped { .. })
    });
    let cluster_dir = cluster_dir(&server);

    // PostgreSQL considers only processes of the same user.
    let mut other = as_owner_of(&cluster_dir, "sleep").arg("600").spawn().unwrap();
    for file in [cluster_dir.join("postmaster.pid"), socket.join(".s.PGSQL.5432.lock")] {
        let content = fs::read_to_string(&file).unwrap();
        let (_, rest) = content.split_once('\n').unwrap();
        fs::write(&file, format!("{}\n{rest}", other.id())).unwrap();
    }

    let second = try_start(&server).map(|running| running.start_outcome());
    let alive = other.try_wait().unwrap().is_none();
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(second.unwrap(), StartOutcome::Started);
    assert!(alive, "the other process was killed");
}

#[test]
fn stopping_a_server_does_not_kill_another_process_with_its_id() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let cluster_dir = cluster_dir(&server);
    let mut other = as_owner_of(&cluster_dir, "sleep").arg("600").spawn().unwrap();
    fs::write(cluster_dir.join("postmaster.pid"), format!("{}\n", other.id())).unwrap();

    stop(&server);

    assert!(other.try_wait().unwrap().is_none(), "the other process was killed");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_pid_file_with_the_id_of_a_zombie_does_not_prevent_a_start() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let cluster_dir = cluster_dir(&server);
    let mut zombie = as_owner_of(&cluster_dir, "true").spawn().unwrap();
    fs::write(cluster_dir.join("postmaster.pid"), format!("{}\n", zombie.id())).unwrap();

    let started = try_start(&server).map(|running| running.start_outcome());
    zombie.wait().unwrap();
    assert_eq!(started.unwrap(), StartOutcome::Started);
}

#[test]
fn an_unfinished_cluster_is_replaced_by_a_new_one() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    start(&server);
    stop(&server);
    let cluster_dir = cluster_dir(&server);
    let unfinished = cluster_dir.with_file_name("initdb-left");
    fs::rename(&cluster_dir, &unfinished).unwrap();

    assert_eq!(start(&server).start_outcome(), StartOutcome::Started);
    assert!(!unfinished.exists());
}
