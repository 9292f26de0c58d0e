use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use rstest::rstest;
use tempfile::TempDir;
use test_support::assert_snapshot;

use super::*;
use crate::scan_seeds;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn at(text: &str) -> ScriptVersion {
    ScriptVersion::parse(text).unwrap()
}

/// Creates a folder with the given files, all of them empty. Creating a script does not read the other files.
fn folder(files: &[&str]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    dir
}

fn listing(dir: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Returns the message and the hint of an error, with `DIR` in place of the folder.
fn message_and_hint(dir: &Path, error: &CreateError) -> String {
    let hint = error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    format!("{error}{hint}").replace(dir.to_str().unwrap(), "DIR")
}

#[rstest]
#[case::first(&[], "m20260101_000000_b.rs")]
#[case::older(&["m20250303_045013_a.rs"], "m20260101_000000_b.rs")]
#[case::same_second(&["m20260101_000000_a.rs"], "m20260101_000001_b.rs")]
#[case::newer(&["m20260303_235959_a.rs", "m20250303_045013_c.rs"], "m20260304_000000_b.rs")]
#[case::a_day(&["m20260101_a.rs"], "m20260102_000000_b.rs")]
#[case::a_counter(&["m0000010_a.rs"], "m20260101_000000_b.rs")]
#[case::not_in_the_calendar(&["m20261399_000000_a.rs"], "m20260101_000000_b.rs")]
#[case::not_scripts(&["README.md", "m20270101_000000_c.txt", "b.rs", ".m20270101_000000_b.rs"], "m20260101_000000_b.rs")]
#[case::not_seeds(&["development/m20270101_000000_b.rs"], "m20260101_000000_b.rs")]
fn a_new_migration_comes_after_all_others(#[case] files: &[&str], #[case] expected: &str) {
    let dir = folder(files);
    let path =
        create(dir.path(), &slug("b"), at("20260101_000000"), ScriptTemplate::Migration).unwrap();
    assert_eq!(path, dir.path().join(expected));
    assert_eq!(fs::read_to_string(path).unwrap(), ScriptTemplate::Migration.text());
    let mut names: BTreeSet<_> =
        files.iter().map(|file| file.split('/').next().unwrap().to_owned()).collect();
    names.insert(expected.to_owned());
    assert_eq!(listing(dir.path()), names);
}

#[test]
fn a_new_seed_sorts_after_the_seeds_of_all_environments() {
    let dir = folder(&["m20260101_000000_a.rs", "development/m20260505_000000_c.rs"]);
    let path = create(dir.path(), &slug("b"), at("20260101_000000"), ScriptTemplate::Seed).unwrap();
    assert_eq!(path, dir.path().join("m20260505_000001_b.rs"));
    assert_eq!(fs::read_to_string(path).unwrap(), ScriptTemplate::Seed.text());
}

#[test]
fn an_existing_slug_is_refused_with_the_path_of_its_file() {
    let dir = folder(&["m20230403_create_users.rs"]);
    let error =
        create(dir.path(), &slug("createUsers"), at("20260101_000000"), ScriptTemplate::Migration);
    assert_snapshot!("taken_slug", message_and_hint(dir.path(), &error.unwrap_err()));
    assert_eq!(listing(dir.path()).len(), 1);
}

#[test]
fn a_slug_of_another_environment_is_refused() {
    let dir = folder(&["development/m20250303_045013_roles.rs"]);
    let error = create(dir.path(), &slug("roles"), at("20260101_000000"), ScriptTemplate::Seed);
    assert_snapshot!("taken_slug_of_a_seed", message_and_hint(dir.path(), &error.unwrap_err()));
}

#[test]
fn a_missing_folder_is_not_created() {
    let dir = folder(&[]);
    let missing = dir.path().join("src/migrations");
    let error = create(&missing, &slug("a"), at("20260101_000000"), ScriptTemplate::Migration);
    assert_snapshot!("missing_folder", message_and_hint(dir.path(), &error.unwrap_err()));
    assert!(!missing.exists());
}

#[test]
fn nothing_comes_after_the_end_of_the_year_9999() {
    let dir = folder(&["m99991231_235959_a.rs"]);
    let error = create(dir.path(), &slug("b"), at("20260101_000000"), ScriptTemplate::Migration);
    assert_snapshot!("no_timestamp_left", message_and_hint(dir.path(), &error.unwrap_err()));
}

/// Tests a folder that even root cannot write to, because tests in a container run as root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_nobody_may_write_to_is_named() {
    use std::error::Error;

    let dir = Path::new("/sys/kernel");
    let error =
        create(dir, &slug("a"), at("20260101_000000"), ScriptTemplate::Migration).unwrap_err();
    let expected = dir.join("m20260101_000000_a.rs");
    assert!(matches!(&error, CreateError::Write { path, .. } if *path == expected), "{error}");
    let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap().kind();
    let expected = [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
    assert!(expected.contains(&source), "{source}");
}

#[test]
fn a_read_only_folder_is_reported_with_a_hint() {
    let error = CreateError::Write {
        path: PathBuf::from("src/migrations/m20260101_000000_a.rs"),
        source: io::ErrorKind::PermissionDenied.into(),
    };
    assert_snapshot!("read_only_folder", error.hint().unwrap());
}

/// Simulates a process that was killed after it linked the script and before it removed the hidden file. Both names
/// then refer to the same file.
#[test]
fn the_hidden_file_of_a_killed_process_is_removed_and_its_script_kept() {
    let dir = folder(&[]);
    let first =
        create(dir.path(), &slug("a"), at("20260101_000000"), ScriptTemplate::Migration).unwrap();
    fs::write(&first, "edited since").unwrap();
    fs::hard_link(&first, dir.path().join(UNFINISHED)).unwrap();
    let second =
        create(dir.path(), &slug("b"), at("20260101_000000"), ScriptTemplate::Migration).unwrap();
    assert_eq!(fs::read_to_string(&first).unwrap(), "edited since");
    assert_eq!(fs::read_to_string(&second).unwrap(), ScriptTemplate::Migration.text());
    assert_eq!(listing(dir.path()).len(), 2);
}

#[test]
fn sixteen_concurrent_creations_get_sixteen_timestamps() {
    let dir = folder(&["development/.gitkeep"]);
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for worker in 0..16 {
            let (dir, start) = (dir.path(), &start);
            scope.spawn(move || {
                start.wait();
                let slug = slug(&format!("worker {worker}"));
                create(dir, &slug, at("20260101_000000"), ScriptTemplate::Seed).unwrap();
            });
        }
    });
    let seeds = scan_seeds(dir.path()).unwrap();
    let stamps: Vec<_> = seeds.iter().filter_map(|seed| seed.name.version()).collect();
    let expected: Vec<_> = (0..16).map(|second| format!("20260101_0000{second:02}")).collect();
    assert_eq!(stamps, expected);
}

#[test]
fn of_sixteen_concurrent_creations_with_one_slug_only_one_succeeds() {
    let dir = folder(&[]);
    let start = Barrier::new(16);
    let created = thread::scope(|scope| {
        let workers: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    create(dir.path(), &slug("roles"), at("20260101_000000"), ScriptTemplate::Seed)
                })
            })
            .collect();
        let results = workers.into_iter().map(|worker| worker.join().unwrap());
        results
            .filter(|result| match result {
                Ok(_) => true,
                Err(CreateError::AlreadyExists { .. }) => false,
                Err(other) => panic!("{other}"),
            })
            .count()
    });
    assert_eq!(created, 1);
    assert_eq!(listing(dir.path()).len(), 1);
}

#[test]
fn several_scripts_get_consecutive_timestamps() {
    let dir = folder(&["m20260101_000000_a.rs"]);
    let scripts = [(slug("b"), "1".to_owned()), (slug("c"), "2".to_owned())];
    let paths =
        create_all(ScriptKind::Migration, dir.path(), at("20260101_000000"), &scripts).unwrap();

    let expected = ["m20260101_000001_b.rs", "m20260101_000002_c.rs"];
    assert_eq!(paths, expected.map(|name| dir.path().join(name)));
    assert_eq!(fs::read_to_string(&paths[1]).unwrap(), "2");
}

#[rstest]
#[case::taken("taken", &["m20260101_000000_c.rs"])]
#[case::no_time_left("no_time_left", &["m99991231_235958_a.rs"])]
fn either_all_of_several_scripts_are_written_or_none(#[case] name: &str, #[case] files: &[&str]) {
    let dir = folder(files);
    let scripts = [(slug("b"), String::new()), (slug("c"), String::new())];
    let error = create_all(ScriptKind::Migration, dir.path(), at("20260101_000000"), &scripts);

    let message = message_and_hint(dir.path(), &error.unwrap_err());
    assert_snapshot!(format!("several_scripts_{name}"), message);
    assert_eq!(listing(dir.path()).len(), files.len());
}

#[test]
fn a_failure_removes_the_scripts_that_were_written_before_it() {
    let dir = folder(&[]);
    let scripts = [(slug("b"), String::new()), (slug("c"), String::new())];
    // The path of the second file is a folder, so the file cannot be created.
    fs::create_dir(dir.path().join("m20260101_000001_c.rs")).unwrap();
    let error = create_all(ScriptKind::Migration, dir.path(), at("20260101_000000"), &scripts);

    assert!(matches!(error, Err(CreateError::Write { .. })), "{error:?}");
    assert_eq!(listing(dir.path()), BTreeSet::from(["m20260101_000001_c.rs".to_owned()]));
}
