//! Checkouts that are long, odd, moved, copied or gone.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;
use std::thread;

use crate::support::{Machine, sql, start, stop};
use local_postgres::{Purpose, Server, Settings, Started};

/// Deep enough that a socket in it would have too long a path.
const LONG: &str =
    "a-folder-with-a-rather-long-name/and-another-one-below-it-that-is-no-shorter/and-a-third-one";

/// Signs that mean something to a shell, to a settings file or to a URL.
const ODD: &str = "it's a \"shop\", $(touch oops) `touch oops` & co\\%41#?";

fn settings_below(machine: &Machine, folder: &str) -> Settings {
    let mut settings = machine.settings();
    settings.dir = Some(machine.path(folder));
    settings
}

/// In the checkout (but not for root), elsewhere, and where the socket has to be in a third place.
fn places(machine: &Machine) -> Vec<Settings> {
    let mut places =
        vec![machine.settings(), machine.settings_elsewhere(), settings_below(machine, LONG)];
    places.dedup();
    places
}

/// Tries that in each place, on a machine of its own, all at once.
fn in_each_place(test: impl Fn(&Machine, Settings) + Sync) {
    let number = places(&Machine::new()).len();
    thread::scope(|scope| {
        for place in 0..number {
            let test = &test;
            scope.spawn(move || {
                let machine = Machine::new();
                test(&machine, places(&machine).swap_remove(place));
            });
        }
    });
}

#[test]
fn a_socket_path_that_would_be_too_long_is_made_short() {
    let machine = Machine::new();
    let settings = settings_below(&machine, LONG);
    let server = machine.server_for("shop", Purpose::Development, settings);

    let first = start(&server);
    assert!(first.socket().as_os_str().len() < 60, "{:?}", first.socket());
    assert_eq!(sql(&first, "select 1"), "1");
    let second = start(&server);
    assert_eq!(second.started(), Started::Before);
    assert_eq!(second.socket(), first.socket());

    // As /tmp is cleaned: the server still runs, and nobody can reach it.
    fs::remove_dir_all(first.socket()).unwrap();
    let third = start(&server);
    assert_eq!(third.started(), Started::Now);
    assert_ne!(third.socket(), first.socket());
    assert_eq!(sql(&third, "select 1"), "1");

    server.remove(&mut |_: &str| {}).unwrap();
    assert!(!third.socket().exists());
}

#[test]
fn signs_in_a_path_mean_nothing() {
    let machine = Machine::new();
    let areas = settings_below(&machine, &format!("areas {ODD}"));
    for server in [machine.server(ODD), machine.server_for("shop", Purpose::Development, areas)] {
        let running = start(&server);
        assert_eq!(sql(&running, "select 1"), "1");
        stop(&server);
        assert_eq!(sql(&start(&server), "select 1"), "1");
        assert!(!machine.path("oops").exists());
    }
}

#[test]
fn a_short_folder_that_somebody_else_has_prepared_is_not_used() {
    let machine = Machine::new();
    let settings = settings_below(&machine, LONG);
    let server = machine.server_for("shop", Purpose::Development, settings);
    let first = start(&server);
    stop(&server);

    // After a restart of the machine the name is free.
    fs::remove_dir_all(first.socket()).unwrap();
    fs::create_dir(first.socket()).unwrap();
    fs::write(first.socket().join("area"), "somewhere\n").unwrap();
    let second = start(&server);
    assert_ne!(second.socket(), first.socket());
    fs::remove_dir_all(first.socket()).unwrap();
    server.remove(&mut |_: &str| {}).unwrap();
}

#[test]
fn a_checkout_that_is_moved_while_its_server_runs_keeps_its_data() {
    in_each_place(|machine, settings| {
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
fn a_server_that_is_stopped_after_its_checkout_was_moved_keeps_its_data() {
    in_each_place(|machine, settings| {
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
fn a_copied_checkout_has_a_server_of_its_own() {
    in_each_place(|machine, settings| {
        let original = machine.server_for("original", Purpose::Development, settings.clone());
        let first = start(&original);
        let mut copy = Command::new("cp");
        copy.arg("-a").args([machine.path("original"), machine.path("copy")]);
        // The socket cannot be copied everywhere; the rest is.
        copy.output().unwrap();

        let copied = machine.server_for("copy", Purpose::Development, settings);
        let second = start(&copied);
        assert_ne!(second.pid(), first.pid());
        sql(&second, "create table only_in_the_copy ()");
        let elsewhere = "select count(*) from pg_tables where tablename = 'only_in_the_copy'";
        assert_eq!(sql(&start(&original), elsewhere), "0");
        for (server, checkout) in [(original, "original"), (copied, "copy")] {
            server.remove(&mut |_: &str| {}).unwrap();
            fs::remove_dir_all(machine.path(checkout)).unwrap();
        }
    });
}

#[test]
fn a_server_elsewhere_goes_when_the_folder_in_the_checkout_was_removed() {
    let machine = Machine::new();
    let settings = machine.settings_elsewhere();
    let server = machine.server_for("shop", Purpose::Development, settings);
    let old = start(&server);
    sql(&old, "create table old ()");
    fs::remove_dir_all(machine.path("shop/.postgres")).unwrap();

    let new = start(&server);
    assert_eq!(new.started(), Started::Now);
    assert_eq!(sql(&new, "select count(*) from pg_tables where tablename = 'old'"), "0");
    assert!(!old.socket().exists(), "the old server is gone");
    assert_eq!(fs::read_dir(machine.path("areas")).unwrap().count(), 1);
}

#[test]
fn a_folder_that_the_user_of_the_server_cannot_enter_is_named() {
    if !crate::support::is_root() {
        return; // The server runs as the one who made the folder.
    }
    let machine = Machine::new();
    let closed = machine.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let settings = settings_below(&machine, "closed/areas");
    let server = machine.server_for("shop", Purpose::Development, settings);

    let error = crate::support::try_start(&server).unwrap_err().to_string();
    assert!(
        error.ends_with("cannot hold a private server: user postgres cannot enter it"),
        "{error}"
    );
}

#[test]
fn what_root_writes_into_a_checkout_belongs_to_the_owner_of_the_checkout() {
    let machine = Machine::new();
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
fn a_server_for_tests_has_its_data_in_memory_where_there_is_room() {
    let room = rustix::fs::statvfs("/dev/shm").map(|shm| shm.f_bavail * shm.f_frsize);
    if !room.is_ok_and(|room| room > 1 << 30) {
        eprintln!("NOT TESTED: this machine has less than 1 GiB in /dev/shm");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(folder.path().join(".postgres"), Purpose::Tests, Settings::from_env());
    let running = server.start(&mut |_: &str| {}).unwrap();
    let user = rustix::process::geteuid().as_raw();
    let base = format!("/dev/shm/seedbed-{user}/test-");
    assert!(running.log().to_string_lossy().starts_with(&base), "{}", running.log().display());
    assert_eq!(server.start(&mut |_: &str| {}).unwrap().started(), Started::Before);
    server.remove(&mut |_: &str| {}).unwrap();
    assert!(!running.log().exists(), "nothing of it is left in memory");
}
