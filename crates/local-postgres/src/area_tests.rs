use super::*;

/// Two folders: of checkouts, and of areas.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        files::set_mode(folder.path(), PASSABLE).unwrap();
        Self { folder }
    }

    fn checkout(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn home(&self, name: &str) -> Home {
        self.home_for(name, Purpose::Development)
    }

    fn home_for(&self, name: &str, purpose: Purpose) -> Home {
        let settings =
            Settings { dir: Some(self.folder.path().join("areas")), ..Settings::default() };
        let root = self.checkout(name).join(".postgres");
        Home::create(&root, purpose, &settings).unwrap()
    }
}

fn account() -> Account {
    Account::choose(&Settings::default(), None).unwrap()
}

fn copy(from: &Path, to: &Path) {
    let status = std::process::Command::new("cp").arg("-a").args([from, to]).status();
    assert!(status.unwrap().success());
}

#[test]
fn a_home_finds_its_area_again() {
    let machine = Machine::new();
    let made = machine.home("a").take_area(&account()).unwrap();

    assert_eq!(machine.home("a").find_area().unwrap(), Some(made.clone()));
    assert_eq!(machine.home("a").take_area(&account()).unwrap(), made);
    assert_eq!(made.user().unwrap(), Some(account().name));
    assert_eq!(machine.home("a").orphans().unwrap(), []);
}

#[test]
fn two_checkouts_have_two_areas() {
    let machine = Machine::new();
    let a = machine.home("a").take_area(&account()).unwrap();
    let b = machine.home("b").take_area(&account()).unwrap();

    assert_ne!(a, b);
    assert_eq!(machine.home("a").orphans().unwrap(), []);
}

#[test]
fn a_moved_checkout_takes_its_area_along() {
    let machine = Machine::new();
    let made = machine.home("a").take_area(&account()).unwrap();
    fs::rename(machine.checkout("a"), machine.checkout("b")).unwrap();

    assert_eq!(machine.home("b").find_area().unwrap(), Some(made.clone()));
    assert_eq!(machine.home("b").take_area(&account()).unwrap(), made);
}

#[test]
fn a_copied_checkout_gets_an_area_of_its_own() {
    let machine = Machine::new();
    let original = machine.home("a").take_area(&account()).unwrap();
    copy(&machine.checkout("a"), &machine.checkout("b"));

    assert_eq!(machine.home("b").find_area().unwrap(), None);
    let copied = machine.home("b").take_area(&account()).unwrap();
    assert_ne!(copied, original);
    assert_eq!(machine.home("a").find_area().unwrap(), Some(original));
    assert_eq!(machine.home("b").find_area().unwrap(), Some(copied));
}

#[test]
fn of_two_copies_of_a_checkout_that_is_gone_only_one_takes_its_area() {
    let machine = Machine::new();
    let original = machine.home("a").take_area(&account()).unwrap();
    copy(&machine.checkout("a"), &machine.checkout("b"));
    fs::rename(machine.checkout("a"), machine.checkout("c")).unwrap();

    let b = machine.home("b").take_area(&account()).unwrap();
    let c = machine.home("c").take_area(&account()).unwrap();
    assert_eq!(b, original);
    assert_ne!(c, original);
}

#[test]
fn the_area_of_a_removed_checkout_is_an_orphan_of_the_next_one_there() {
    let machine = Machine::new();
    let old = machine.home("a").take_area(&account()).unwrap();
    fs::remove_dir_all(machine.checkout("a")).unwrap();

    let home = machine.home("a");
    assert_eq!(home.find_area().unwrap(), None);
    assert_eq!(home.orphans().unwrap(), [old]);
}

#[test]
fn a_server_for_tests_whose_checkout_is_gone_is_removed_after_a_day() {
    let machine = Machine::new();
    let gone = machine.home_for("a", Purpose::Tests).take_area(&account()).unwrap();
    machine.home("a").take_area(&account()).unwrap();
    machine.home_for("b", Purpose::Tests).take_area(&account()).unwrap();
    let home = machine.home_for("c", Purpose::Tests);
    let tomorrow = SystemTime::now() + FORSAKEN + Duration::from_secs(60);
    assert_eq!(home.forsaken(tomorrow), [], "both are there");

    fs::remove_dir_all(machine.checkout("a")).unwrap();
    assert_eq!(home.forsaken(SystemTime::now()), [], "it may have been moved");
    assert_eq!(home.forsaken(tomorrow), [gone], "and not the one for development");
    assert_eq!(machine.home("c").forsaken(tomorrow), [], "by a server for tests only");
}

#[test]
fn a_pointer_to_a_folder_elsewhere_is_not_believed() {
    let machine = Machine::new();
    machine.home("a").take_area(&account()).unwrap();
    let home = machine.home("evil");
    for target in ["/etc", "/", "relative", ""] {
        files::replace(&home.pointer(), files::path_line(Path::new(target))).unwrap();
        assert_eq!(home.find_area().unwrap(), None, "{target}");
    }
}

#[test]
fn an_area_that_others_may_write_to_is_not_believed() {
    let machine = Machine::new();
    let made = machine.home("a").take_area(&account()).unwrap();
    files::set_mode(made.dir(), 0o777).unwrap();

    assert_eq!(machine.home("a").find_area().unwrap(), None);
}

#[test]
fn a_base_that_others_may_write_to_is_refused() {
    let machine = Machine::new();
    let areas = machine.checkout("areas");
    fs::create_dir(&areas).unwrap();
    files::set_mode(&areas, 0o1777).unwrap();

    let error = machine.home("a").take_area(&account()).unwrap_err();
    let expected = format!(
        "{} cannot hold a private server: its mode is 1777, so others may write to it",
        fs::canonicalize(&areas).unwrap().display()
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_path_with_a_line_end_and_bytes_that_are_no_text_is_a_path() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pointer");
    let path = Path::new(OsStr::from_bytes(b"/a\nb \xff\n"));
    files::replace(&file, files::path_line(path)).unwrap();

    assert_eq!(files::read_path(&file).unwrap().as_deref(), Some(path));
}
