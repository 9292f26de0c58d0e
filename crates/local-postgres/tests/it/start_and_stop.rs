//! Tests starting, using and stopping a server.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::thread;

use crate::support::{TestMachine, binaries, is_root, sql, start, stop};
use local_postgres::{Purpose, RunningServer, ServerStatus, StartOutcome, StopOutcome};

#[test]
fn a_server_is_started_once_and_stopped_once() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    assert!(matches!(server.status().unwrap(), ServerStatus::Absent));

    let first = start(&server);
    assert_eq!(first.start_outcome(), StartOutcome::Started);
    sql(&first, "create table kept (id int)");

    let second = start(&server);
    assert_eq!(second.start_outcome(), StartOutcome::AlreadyRunning);
    assert_eq!(second.pid(), first.pid());
    assert!(matches!(server.status().unwrap(), ServerStatus::Running(_)));

    let ignore = &mut |_: &str| {};
    assert_eq!(server.stop(ignore).unwrap(), StopOutcome::Stopped);
    assert_eq!(server.stop(ignore).unwrap(), StopOutcome::NotRunning);
    assert!(matches!(server.status().unwrap(), ServerStatus::Stopped { .. }));

    let third = start(&server);
    assert_eq!(third.start_outcome(), StartOutcome::Started);
    assert_eq!(sql(&third, "select count(*) from kept"), "0");
}

#[test]
fn stopping_a_server_that_was_never_started_creates_nothing() {
    let machine = TestMachine::new();
    let server = machine.server("shop");

    assert_eq!(server.stop(&mut |_: &str| {}).unwrap(), StopOutcome::NotRunning);
    assert!(!machine.path("shop/.postgres").exists());
}

#[test]
fn a_development_server_has_no_network_port_and_portable_settings() {
    let machine = TestMachine::new();
    let running = start(&machine.server("shop"));
    let show = |name: &str| sql(&running, &format!("show {name}"));

    assert_eq!(show("listen_addresses"), "");
    assert_eq!(show("timezone"), "UTC");
    assert_eq!(show("log_timezone"), "UTC");
    assert_eq!(show("server_encoding"), "UTF8");
    assert_eq!(show("fsync"), "on");
    assert_eq!(sql(&running, "select current_user"), "postgres");
    assert_eq!(sql(&running, "select 'a' < 'B'"), "f");
    // The sample application requires these extensions.
    sql(&running, "create extension citext");
    sql(&running, "create extension \"uuid-ossp\"");
}

#[test]
fn a_setting_of_alter_system_is_reloaded_and_survives_a_restart() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    let running = start(&server);
    sql(&running, "alter system set timezone = 'Europe/Zurich'");
    sql(&running, "select pg_reload_conf()");
    test_support::eventually("the setting is in force", || {
        sql(&running, "show timezone") == "Europe/Zurich"
    });
    stop(&server);

    assert_eq!(sql(&start(&server), "show timezone"), "Europe/Zurich");
}

#[test]
fn development_and_tests_have_separate_servers() {
    let machine = TestMachine::new();
    let development = start(&machine.server("shop"));
    let tests = start(&machine.server_for("shop", Purpose::Tests, machine.settings()));

    assert_ne!(development.pid(), tests.pid());
    assert_eq!(sql(&tests, "show fsync"), "off");
}

#[test]
fn of_eight_concurrent_starts_one_starts_the_server_and_all_succeed() {
    let machine = TestMachine::new();
    let servers: Vec<_> = (0..8).map(|_| machine.server("shop")).collect();

    let running: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = servers.iter().map(|server| scope.spawn(|| start(server))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });

    let started = |running: &&RunningServer| running.start_outcome() == StartOutcome::Started;
    assert_eq!(running.iter().filter(started).count(), 1);
    assert!(running.iter().all(|one| one.pid() == running[0].pid()));
}

#[test]
fn the_url_overrides_the_environment_of_psql() {
    let machine = TestMachine::new();
    let running = start(&machine.server("shop"));
    sql(&running, "create database \"my shop\"");

    let output = std::process::Command::new(binaries().psql())
        .args(["-XAtqc", "select current_database() || '/' || current_user"])
        .arg(running.url("my shop"))
        .envs([("PGPORT", "1"), ("PGHOST", "nowhere"), ("PGUSER", "x"), ("PGSSLMODE", "require")])
        .output()
        .unwrap();

    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "my shop/postgres\n", "{error}");
}

#[test]
fn only_the_servers_user_can_enter_the_folder_of_the_socket() {
    let machine = TestMachine::new();
    let running = start(&machine.server("shop"));
    let folder = fs::metadata(running.socket_dir()).unwrap();
    let socket = fs::metadata(running.socket_dir().join(".s.PGSQL.5432")).unwrap();

    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    assert_eq!(socket.permissions().mode() & 0o777, 0o700);
    assert_eq!(folder.uid(), socket.uid());
    assert_ne!(folder.uid(), 0, "PostgreSQL refuses root");
    assert_eq!(folder.uid() == rustix::process::geteuid().as_raw(), !is_root());
}

#[test]
fn only_the_servers_user_and_root_connect_without_a_password() {
    let machine = TestMachine::new();
    let running = start(&machine.server("shop"));
    sql(&running, "create role app login password 'secret'");
    let connect = |url: String| {
        let mut psql = std::process::Command::new(binaries().psql());
        let output = psql.args(["-XAtqwc", "select current_user", &url]).output().unwrap();
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let url = running.url("postgres");

    let with_password = url.replace("postgres@localhost", "app:secret@localhost");
    assert_eq!(connect(with_password).0, "app\n");
    let without = connect(url.replace("postgres@localhost", "app@localhost")).1;
    assert!(without.contains("no password supplied"), "{without}");

    if is_root() {
        // The server rejects another user of the machine even if that user can reach the socket.
        for path in [running.socket_dir().to_path_buf(), running.socket_dir().join(".s.PGSQL.5432")]
        {
            fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
        }
        let connect_as_nobody = |url: &str| {
            use std::os::unix::process::CommandExt;
            let mut psql = std::process::Command::new(binaries().psql());
            psql.args(["-XAtqwc", "select 1", url]).uid(65534).gid(65534);
            psql.env("HOME", "/").current_dir("/").output().unwrap()
        };
        let refused = String::from_utf8_lossy(&connect_as_nobody(&url).stderr).into_owned();
        assert!(refused.contains("Peer authentication failed"), "{refused}");
    }
}
