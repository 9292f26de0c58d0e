use std::os::unix::fs::symlink;

use tempfile::TempDir;
use test_support::assert_snapshot;

use super::*;

const UP: &str = "pub async fn up(schema: &Schema<'_>) -> Result { schema.a() }";
const SEA_ORM: &str = "pub struct Migration; impl MigrationTrait for Migration {}";

/// Creates a folder with the given files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// Returns the message and the hint of an error, with `DIR` in place of the folder.
fn message_and_hint(dir: &TempDir, error: &ScanError) -> String {
    let hint = error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    format!("{error}{hint}").replace(dir.path().to_str().unwrap(), "DIR")
}

#[test]
fn migrations_are_sorted_by_name_and_have_their_declarations() {
    let down = format!("{UP} pub async fn down() {{}} pub const TRANSACTION: bool = false;");
    let dir = folder(&[
        ("m20250303_045013_create_users.rs", &down),
        ("m20230403_create_user.rs", SEA_ORM),
        ("m0000010_init.rs", UP),
    ]);
    let scripts = scan(dir.path()).unwrap();
    let names: Vec<_> = scripts.iter().map(|script| script.name.as_str()).collect();
    assert_eq!(names, ["m0000010_init", "m20230403_create_user", "m20250303_045013_create_users"]);
    assert_eq!(scripts[1].format, Format::SeaOrm);
    assert_eq!(
        scripts[2],
        SourceFile {
            name: Name::parse("m20250303_045013_create_users").unwrap(),
            path: dir.path().join("m20250303_045013_create_users.rs"),
            environment: None,
            checksum: Checksum::from_source(&down),
            format: Format::Functions,
            declarations: Declarations {
                up: true,
                down: true,
                transaction: true,
                irreversible: false,
                unwritten: false,
            },
            history_name: None,
        }
    );
}

#[test]
fn seeds_are_read_from_the_folders_of_the_environments_too() {
    let dir = folder(&[
        ("m20250303_045015_roles.rs", UP),
        ("development/m20250303_045013_demo.rs", UP),
        ("load-test_2/m20250303_045014_many.rs", UP),
        ("empty/.gitkeep", ""),
    ]);
    let found: Vec<_> = scan_seeds(dir.path())
        .unwrap()
        .into_iter()
        .map(|seed| (seed.name.slug().to_owned(), seed.environment))
        .collect();
    let in_environment =
        |slug: &str, environment: &str| (slug.to_owned(), Environment::parse(environment));
    assert_eq!(
        found,
        [
            in_environment("demo", "development"),
            in_environment("many", "load-test_2"),
            ("roles".to_owned(), None),
        ]
    );
}

#[test]
fn an_empty_folder_has_no_scripts() {
    let dir = folder(&[]);
    assert_eq!(scan(dir.path()).unwrap(), []);
    assert_eq!(scan_seeds(dir.path()).unwrap(), []);
}

#[test]
fn hidden_files_and_backups_of_editors_are_ignored() {
    let dir = folder(&[
        (".gitkeep", ""),
        (".idea/x", ""),
        ("m20250303_045013_a.rs", UP),
        ("m20250303_045013_a.rs~", ""),
        ("#m20250303_045013_a.rs#", ""),
        (".m20250303_045013_a.rs.swp", ""),
    ]);
    // The lock file of Emacs is a dangling link.
    symlink("me@host.1:2", dir.path().join(".#m20250303_045013_a.rs")).unwrap();
    assert_eq!(scan(dir.path()).unwrap().len(), 1);
    assert_eq!(scan_seeds(dir.path()).unwrap().len(), 1);
}

#[test]
fn a_missing_folder_is_not_treated_as_an_empty_one() {
    let dir = folder(&[]);
    let missing = dir.path().join("src/none");
    let errors = [scan(&missing).unwrap_err(), scan_seeds(&missing).unwrap_err()];
    let report = errors.map(|error| message_and_hint(&dir, &error));
    assert_snapshot!("missing_folders", report.join("\n"));
}

#[test]
fn a_file_that_is_not_a_migration_is_named() {
    let files = [
        "mod.rs",
        "README.md",
        "create_users.rs",
        "m2025_x.rs",
        "m20250303_045013_createUsers.rs",
        "20250303_045013_create_users.rs",
        "m20250303_045013_.rs",
        "m20250303_045013_a.RS",
        "development/m20250303_045013_a.rs",
    ];
    let report = files.map(|file| {
        let dir = folder(&[("m20250303_045013_first.rs", UP), (file, UP)]);
        message_and_hint(&dir, &scan(dir.path()).unwrap_err())
    });
    assert_snapshot!("not_a_migration", report.join("\n"));
}

#[test]
fn a_file_that_is_not_a_seed_is_named() {
    let files = [
        "notes.txt",
        "development/notes.txt",
        "Development/m20250303_045013_a.rs",
        "a/b/m20250303_045013_a.rs",
    ];
    let report = files.map(|file| {
        let dir = folder(&[(file, UP)]);
        message_and_hint(&dir, &scan_seeds(dir.path()).unwrap_err())
    });
    assert_snapshot!("not_a_seed", report.join("\n"));
}

#[test]
fn the_same_name_in_two_folders_is_refused() {
    let dir =
        folder(&[("development/m20250303_045013_roles.rs", UP), ("m20250303_045013_roles.rs", UP)]);
    let error = scan_seeds(dir.path()).unwrap_err();
    assert_snapshot!("duplicate_name", message_and_hint(&dir, &error));
}

#[test]
fn a_file_without_up_is_named() {
    let dir = folder(&[("m20250303_045013_a.rs", "pub async fn down() {}")]);
    let error = scan(dir.path()).unwrap_err();
    assert_snapshot!("no_up", message_and_hint(&dir, &error));
}

#[test]
fn a_private_transaction_constant_is_refused() {
    let source = format!("const TRANSACTION: bool = false; {UP}");
    let dir = folder(&[("m20250303_045013_a.rs", &source)]);
    let error = scan(dir.path()).unwrap_err();
    assert_snapshot!("misdeclared", message_and_hint(&dir, &error));
}

#[test]
fn a_file_that_cannot_be_tokenized_is_left_to_rustc() {
    let dir = folder(&[("m20250303_045013_a.rs", "pub async fn up( {")]);
    let scripts = scan(dir.path()).unwrap();
    assert_eq!(scripts[0].declarations, Declarations::UNREADABLE);
    assert_eq!(scripts[0].checksum, Checksum::from_source("pub async fn up( {"));
}

/// Tests a name that is not Unicode, if the file system accepts such a name.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_named() {
    use std::os::unix::ffi::OsStrExt;

    let dir = folder(&[]);
    fs::write(dir.path().join(OsStr::from_bytes(b"m20250303_\xff.rs")), UP).unwrap();
    let error = scan(dir.path()).unwrap_err();
    assert_snapshot!("not_unicode", message_and_hint(&dir, &error));
}

#[test]
fn a_text_that_is_not_unicode_is_named() {
    let dir = folder(&[]);
    let file = dir.path().join("m20250303_045013_a.rs");
    fs::write(&file, b"\xff").unwrap();
    let error = scan(dir.path()).unwrap_err();
    assert!(matches!(&error, ScanError::Read { path, .. } if *path == file), "{error}");
}

#[test]
fn of_many_invalid_files_the_first_one_is_reported() {
    let files: Vec<_> = (0..200).map(|at| format!("m20250303_045013_a{at:03}.rs")).collect();
    let files: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(at, file)| (file.as_str(), if at < 70 { UP } else { "" }))
        .collect();
    let dir = folder(&files);
    // The threads of a scan may finish in any order, so one scan is not enough.
    for _ in 0..20 {
        let error = scan(dir.path()).unwrap_err();
        let first = dir.path().join("m20250303_045013_a070.rs");
        assert!(matches!(&error, ScanError::NoUp { path } if *path == first), "{error}");
    }
}
