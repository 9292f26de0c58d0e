//! Tests checkouts with long or unusual paths, and checkouts that were moved, copied or removed.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;
use std::thread;

use crate::support::{TestMachine, sql, start, stop};
use local_postgres::{Error, LocalServer, Purpose, Settings, StartOutcome};

/// A path that is too long to contain a socket.
const LONG_PATH: &str =
    "a-folder-with-a-rather-long-name/and-another-one-below-it-that-is-no-shorter/and-a-third-one";

/// A name with characters that have a meaning in a shell, in a settings file or in a URL.
const SPECIAL_NAME: &str = "it's a \"shop\", $(touch oops) `touch oops` & co\\%41#?";

fn settings_in(machine: &TestMachine, folder: &str) -> Settings {
    let mut settings = machine.settings();
    settings.base_dir = Some(machine.path(folder));
    settings
}

/// Returns settings for each location of the data: in the checkout (except for root), outside of the checkout, and
/// outside of the checkout with a path so long that the socket is in a third folder.
fn locations(machine: &TestMachine) -> Vec<Settings> {
    let mut locations = vec![
        machine.settings(),
        machine.settings_outside_checkout(),
        settings_in(machine, LONG_PATH),
    ];
    locations.dedup();
    locations
}

/// Runs the test for each location at the same time, each on its own machine.
fn in_each_location(test: impl Fn(&TestMachine, Settings) + Sync) {
    let count = locations(&TestMachine::new()).len();
    thread::scope(|scope| {
        for index in 0..count {
            let test = &test;
            scope.spawn(move || {
                let machine = TestMachine::new();
                test(&machine, locations(&machine).swap_remove(index));
            });
        }
    });
}

#[test]
fn a_socket_whose_path_would_be_too_long_is_in_a_temporary_folder() {
    let machine = TestMachine::new();
    let settings = settings_in(&machine, LONG_PATH);
    let server = machine.server_for("shop", Purpose::Development, settings);

    let first = start(&server);
    assert!(first.socket_dir().as_os_str().len() < 60, "{:?}", first.socket_dir());
    assert_eq!(sql(&first, "select 1"), "1");
    let second = start(&server);
    assert_eq!(second.start_outcome(), StartOutcome::AlreadyRunning);
    assert_eq!(second.socket_dir(), first.socket_dir());

    // A cleanup of /tmp removes the socket: the server still runs, but cannot be reached.
    fs::remove_dir_all(first.socket_dir()).unwrap();
    let third = start(&server);
    assert_eq!(third.start_outcome(), StartOutcome::Started);
    assert_ne!(third.socket_dir(), first.socket_dir());
    assert_eq!(sql(&third, "select 1"), "1");

    server.remove(&mut |_: &str| {}).unwrap();
    assert!(!third.socket_dir().exists());
}

#[test]
fn special_characters_in_a_path_have_no_effect() {
    let machine = TestMachine::new();
    let settings = settings_in(&machine, &format!("data-dirs {SPECIAL_NAME}"));
    for server in
        [machine.server(SPECIAL_NAME), machine.server_for("shop", Purpose::Development, settings)]
    {
        let running = start(&server);
        assert_eq!(sql(&running, "select 1"), "1");
        stop(&server);
        assert_eq!(sql(&start(&server), "select 1"), "1");
        assert!(!machine.path("oops").exists());
    }
}

#[test]
fn a_socket_folder_that_another_user_has_prepared_is_not_used() {
    let machine = TestMachine::new();
    let settings = settings_in(&machine, LONG_PATH);
    let server = machine.server_for("shop", Purpose::Development, settings);
    let first = start(&server);
    stop(&server);

    // After a restart of the machine /tmp is empty, and any user can create a folder with the name of the socket
    // folder.
    fs::remove_dir_all(first.socket_dir()).unwrap();
    fs::create_dir(first.socket_dir()).unwrap();
    fs::write(first.socket_dir().join("owner"), "/another/data-dir\n").unwrap();
    let second = start(&server);
    assert_ne!(second.socket_dir(), first.socket_dir());
    fs::remove_dir_all(first.socket_dir()).unwrap();
    server.remove(&mut |_: &str| {}).unwrap();
}

#[test]
fn a_checkout_keeps_its_data_if_it_is_moved_while_its_server_runs() {
    in_each_location(|machine, settings| {
        let before = start(&machine.server_for("old", Purpose::Development, settings.clone()));
        sql(&before, "create table moved ()");
        fs::rename(machine.path("old"), machine.path("new")).unwrap();

        let server = machine.server_for("new", Purpose::Development, settings);
        let after = start(&server);
        assert_eq!(sql(&after, "select count(*) from moved"), "0");
        stop(&server);
        assert_eq!(sql(&start(&server), "select count(*) from moved"), "0");
        server.remove(&mut |_: &str| {}).unwrap();
        fs::remove_dir_all(machine.path("new")).unwrap();
    });
}

#[test]
fn a_server_keeps_its_data_if_it_is_stopped_after_its_checkout_was_moved() {
    in_each_location(|machine, settings| {
        let before = start(&machine.server_for("old", Purpose::Development, settings.clone()));
        sql(&before, "create table moved ()");
        fs::rename(machine.path("old"), machine.path("new")).unwrap();

        let server = machine.server_for("new", Purpose::Development, settings);
        stop(&server);
        assert_eq!(sql(&start(&server), "select count(*) from moved"), "0");
        server.remove(&mut |_: &str| {}).unwrap();
        fs::remove_dir_all(machine.path("new")).unwrap();
    });
}

#[test]
fn a_copied_checkout_gets_its_own_server() {
    in_each_location(|machine, settings| {
        let original = machine.server_for("original", Purpose::Development, settings.clone());
        let first = start(&original);
        let mut copy = Command::new("cp");
        copy.arg("-a").args([machine.path("original"), machine.path("copy")]);
        // On some systems cp fails to copy the socket. It copies everything else, so its exit code does not matter.
        copy.output().unwrap();

        let copied = machine.server_for("copy", Purpose::Development, settings);
        let second = start(&copied);
        assert_ne!(second.pid(), first.pid());
        sql(&second, "create table only_in_the_copy ()");
        let query = "select count(*) from pg_tables where tablename = 'only_in_the_copy'";
        assert_eq!(sql(&start(&original), query), "0");
        for (server, checkout) in [(original, "original"), (copied, "copy")] {
            server.remove(&mut |_: &str| {}).unwrap();
            fs::remove_dir_all(machine.path(checkout)).unwrap();
        }
    });
}

#[test]
fn a_server_outside_of_the_checkout_is_removed_after_the_folder_in_the_checkout() {
    let machine = TestMachine::new();
    let settings = machine.settings_outside_checkout();
    let server = machine.server_for("shop", Purpose::Development, settings);
    let old = start(&server);
    sql(&old, "create table old ()");
    fs::remove_dir_all(machine.path("shop/.postgres")).unwrap();

    let new = start(&server);
    assert_eq!(new.start_outcome(), StartOutcome::Started);
    assert_eq!(sql(&new, "select count(*) from pg_tables where tablename = 'old'"), "0");
    assert!(!old.socket_dir().exists(), "the socket of the old server is removed");
    assert_eq!(fs::read_dir(machine.path("data-dirs")).unwrap().count(), 1);
}

#[test]
fn the_error_for_a_folder_that_the_servers_user_cannot_enter_names_the_user() {
    if !crate::support::is_root() {
        return; // The server runs as the user that has created the folder.
    }
    let machine = TestMachine::new();
    let closed = machine.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let settings = settings_in(&machine, "closed/data-dirs");
    let server = machine.server_for("shop", Purpose::Development, settings);

    let error = crate::support::try_start(&server).unwrap_err();
    assert!(matches!(error, Error::UnusableDir { .. }), "{error}");
    assert!(error.to_string().contains("`postgres`"), "{error}");
}

#[test]
fn files_that_root_creates_in_a_checkout_belong_to_the_owner_of_the_checkout() {
    let machine = TestMachine::new();
    let server = machine.server("shop");
    let checkout = machine.path("shop");
    let owner = if crate::support::is_root() { 65534 } else { rustix::process::geteuid().as_raw() };
    std::os::unix::fs::chown(&checkout, Some(owner), None).unwrap();
    start(&server);

    for path in [".postgres", ".postgres/dev", ".postgres/dev/lock"] {
        assert_eq!(fs::metadata(checkout.join(path)).unwrap().uid(), owner, "{path}");
    }
}

#[test]
fn a_server_for_tests_keeps_its_data_in_memory_if_there_is_enough() {
    let free = rustix::fs::statvfs("/dev/shm").map(|shm| shm.f_bavail * shm.f_frsize);
    if !free.is_ok_and(|free| free > 1 << 30) {
        eprintln!("SKIPPED: this machine has less than 1 GiB free in /dev/shm");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server =
        LocalServer::new(folder.path().join(".postgres"), Purpose::Tests, Settings::from_env());
    let running = server.start(&mut |_: &str| {}).unwrap();
    let user = rustix::process::geteuid().as_raw();
    let base = format!("/dev/shm/seedbed-{user}/test-");
    assert!(running.log().to_string_lossy().starts_with(&base), "{}", running.log().display());
    assert_eq!(
        server.start(&mut |_: &str| {}).unwrap().start_outcome(),
        StartOutcome::AlreadyRunning
    );
    server.remove(&mut |_: &str| {}).unwrap();
    assert!(!running.log().exists(), "the data directory in memory is removed");
}
