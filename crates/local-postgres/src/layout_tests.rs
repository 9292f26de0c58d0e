use super::*;

/// A folder with checkouts, and with the data directories that they point to.
struct CheckoutsOnDisk {
    root: tempfile::TempDir,
}

impl CheckoutsOnDisk {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        files::set_mode(root.path(), TRAVERSABLE).unwrap();
        Self { root }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn open(&self, name: &str) -> CheckoutDir {
        self.open_for(name, Purpose::Development)
    }

    fn open_for(&self, name: &str, purpose: Purpose) -> CheckoutDir {
        let settings = Settings { base_dir: Some(self.path("data-dirs")), ..Settings::default() };
        let root = self.path(name).join(".postgres");
        CheckoutDir::create(&root, purpose, &settings).unwrap()
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
fn a_checkout_finds_its_data_dir_again() {
    let checkouts = CheckoutsOnDisk::new();
    let created = checkouts.open("a").claim_data_dir(&account()).unwrap();

    assert_eq!(checkouts.open("a").find_data_dir().unwrap(), Some(created.clone()));
    assert_eq!(checkouts.open("a").claim_data_dir(&account()).unwrap(), created);
    assert_eq!(created.recorded_user().unwrap(), Some(account().name));
    assert_eq!(checkouts.open("a").orphans().unwrap(), []);
}

#[test]
fn two_checkouts_have_two_data_dirs() {
    let checkouts = CheckoutsOnDisk::new();
    let a = checkouts.open("a").claim_data_dir(&account()).unwrap();
    let b = checkouts.open("b").claim_data_dir(&account()).unwrap();

    assert_ne!(a, b);
    assert_eq!(checkouts.open("a").orphans().unwrap(), []);
}

#[test]
fn a_moved_checkout_keeps_its_data_dir() {
    let checkouts = CheckoutsOnDisk::new();
    let created = checkouts.open("a").claim_data_dir(&account()).unwrap();
    fs::rename(checkouts.path("a"), checkouts.path("b")).unwrap();

    assert_eq!(checkouts.open("b").find_data_dir().unwrap(), Some(created.clone()));
    assert_eq!(checkouts.open("b").claim_data_dir(&account()).unwrap(), created);
}

#[test]
fn a_copied_checkout_gets_its_own_data_dir() {
    let checkouts = CheckoutsOnDisk::new();
    let original = checkouts.open("a").claim_data_dir(&account()).unwrap();
    copy(&checkouts.path("a"), &checkouts.path("b"));

    assert_eq!(checkouts.open("b").find_data_dir().unwrap(), None);
    let copied = checkouts.open("b").claim_data_dir(&account()).unwrap();
    assert_ne!(copied, original);
    assert_eq!(checkouts.open("a").find_data_dir().unwrap(), Some(original));
    assert_eq!(checkouts.open("b").find_data_dir().unwrap(), Some(copied));
}

#[test]
fn only_one_of_two_copies_claims_the_data_dir_of_a_missing_checkout() {
    let checkouts = CheckoutsOnDisk::new();
    let original = checkouts.open("a").claim_data_dir(&account()).unwrap();
    copy(&checkouts.path("a"), &checkouts.path("b"));
    fs::rename(checkouts.path("a"), checkouts.path("c")).unwrap();

    let b = checkouts.open("b").claim_data_dir(&account()).unwrap();
    let c = checkouts.open("c").claim_data_dir(&account()).unwrap();
    assert_eq!(b, original);
    assert_ne!(c, original);
}

#[test]
fn the_data_dir_of_a_removed_checkout_is_an_orphan_of_the_next_checkout_at_that_path() {
    let checkouts = CheckoutsOnDisk::new();
    let old = checkouts.open("a").claim_data_dir(&account()).unwrap();
    fs::remove_dir_all(checkouts.path("a")).unwrap();

    let checkout_dir = checkouts.open("a");
    assert_eq!(checkout_dir.find_data_dir().unwrap(), None);
    assert_eq!(checkout_dir.orphans().unwrap(), [old]);
}

#[test]
fn the_data_dir_of_tests_is_stale_a_day_after_its_checkout_is_gone() {
    let checkouts = CheckoutsOnDisk::new();
    let created = checkouts.open_for("a", Purpose::Tests).claim_data_dir(&account()).unwrap();
    checkouts.open("a").claim_data_dir(&account()).unwrap();
    checkouts.open_for("b", Purpose::Tests).claim_data_dir(&account()).unwrap();
    let checkout_dir = checkouts.open_for("c", Purpose::Tests);
    let tomorrow = SystemTime::now() + STALE_AFTER + Duration::from_secs(60);
    assert_eq!(checkout_dir.stale_data_dirs(tomorrow), [], "both checkouts exist");

    fs::remove_dir_all(checkouts.path("a")).unwrap();
    assert_eq!(checkout_dir.stale_data_dirs(SystemTime::now()), [], "it may have been moved");
    assert_eq!(checkout_dir.stale_data_dirs(tomorrow), [created], "but not the development one");
    assert_eq!(checkouts.open("c").stale_data_dirs(tomorrow), [], "only for a server for tests");
}

#[test]
fn a_location_outside_of_the_base_dir_is_ignored() {
    let checkouts = CheckoutsOnDisk::new();
    checkouts.open("a").claim_data_dir(&account()).unwrap();
    let checkout_dir = checkouts.open("evil");
    for target in ["/etc", "/", "relative", ""] {
        let content = files::encode_path(Path::new(target));
        files::write_atomically(&checkout_dir.location_file(), content).unwrap();
        assert_eq!(checkout_dir.find_data_dir().unwrap(), None, "{target}");
    }
}

#[test]
fn a_data_dir_that_other_users_may_write_to_is_ignored() {
    let checkouts = CheckoutsOnDisk::new();
    let created = checkouts.open("a").claim_data_dir(&account()).unwrap();
    files::set_mode(created.path(), 0o777).unwrap();

    assert_eq!(checkouts.open("a").find_data_dir().unwrap(), None);
}

#[test]
fn a_base_dir_that_other_users_may_write_to_is_refused() {
    let checkouts = CheckoutsOnDisk::new();
    let base_dir = checkouts.path("data-dirs");
    fs::create_dir(&base_dir).unwrap();
    files::set_mode(&base_dir, 0o1777).unwrap();

    let error = checkouts.open("a").claim_data_dir(&account()).unwrap_err();
    let base_dir = fs::canonicalize(&base_dir).unwrap();
    assert!(matches!(&error, Error::UnusableDir { path, .. } if *path == base_dir), "{error}");
    assert!(error.to_string().contains("1777"), "{error}");
}
