use std::os::unix::fs::symlink;

use rstest::rstest;
use tempfile::TempDir;

use super::*;

const UP: &str = "pub async fn up(schema: &Schema<'_>) -> Result { schema.a() }";
const SEA_ORM: &str = "pub struct Migration; impl MigrationTrait for Migration {}";

/// Creates a folder with these files.
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
fn message_and_hint(dir: &TempDir, error: &ScanError) -> (String, String) {
    let dir = dir.path().to_str().unwrap();
    let text = |text: String| text.replace(dir, "DIR");
    (text(error.to_string()), text(error.hint().unwrap_or_default()))
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

#[rstest]
#[case::migrations(
    scan,
    "the folder of the migrations is missing: `DIR/src/none`",
    "`mkdir -p DIR/src/none`"
)]
#[case::seeds(
    scan_seeds,
    "the folder of the seeds is missing: `DIR/src/none`",
    "`mkdir -p DIR/src/none`"
)]
fn a_missing_folder_is_not_an_empty_one(
    #[case] scan: fn(&Path) -> Result<Vec<SourceFile>, ScanError>,
    #[case] message: &str,
    #[case] hint: &str,
) {
    let dir = folder(&[]);
    let error = scan(&dir.path().join("src/none")).unwrap_err();
    assert_eq!(message_and_hint(&dir, &error), (message.to_owned(), hint.to_owned()));
}

#[rstest]
#[case(
    "mod.rs",
    "the scripts are listed automatically",
    "move it to another folder; `make create-migration name=…` creates a migration"
)]
#[case(
    "README.md",
    "its name does not end in .rs",
    "move it to another folder; `make create-migration name=…` creates a migration"
)]
#[case(
    "create_users.rs",
    "it does not start with `m` and a timestamp",
    "`make create-migration name=create_users` creates a file with a timestamp; move the content there"
)]
#[case(
    "m2025_x.rs",
    "a year alone is not a timestamp",
    "`make create-migration name=x` creates a file with a timestamp; move the content there"
)]
#[case(
    "m20250303_045013_createUsers.rs",
    "it has uppercase letters",
    "`make create-migration name=create_users` creates a file with a timestamp; move the content there"
)]
#[case(
    "20250303_045013_create_users.rs",
    "it does not start with `m` and a timestamp",
    "`make create-migration name=create_users` creates a file with a timestamp; move the content there"
)]
#[case(
    "m20250303_045013_.rs",
    "no words follow its timestamp",
    "move it to another folder; `make create-migration name=…` creates a migration"
)]
#[case(
    "m20250303_045013_a.RS",
    "its name does not end in .rs",
    "move it to another folder; `make create-migration name=…` creates a migration"
)]
#[case(
    "development/m20250303_045013_a.rs",
    "it is a folder",
    "move it to another folder; `make create-migration name=…` creates a migration"
)]
fn a_file_that_is_not_a_migration_is_named(
    #[case] file: &str,
    #[case] reason: &str,
    #[case] hint: &str,
) {
    let dir = folder(&[("m20250303_045013_first.rs", UP), (file, UP)]);
    let error = scan(dir.path()).unwrap_err();
    let shown = file.split('/').next().unwrap();
    let message = format!("`DIR/{shown}` is not a migration: {reason}");
    assert_eq!(message_and_hint(&dir, &error), (message, hint.to_owned()));
}

#[rstest]
#[case("notes.txt", "notes.txt", "its name does not end in .rs")]
#[case("development/notes.txt", "development/notes.txt", "its name does not end in .rs")]
#[case(
    "Development/m20250303_045013_a.rs",
    "Development",
    "a folder of seeds has to have the name of an environment, with only a-z, 0-9, _ and -"
)]
#[case("a/b/m20250303_045013_a.rs", "a/b", "it is a folder inside the folder of an environment")]
fn a_file_that_is_not_a_seed_is_named(
    #[case] file: &str,
    #[case] shown: &str,
    #[case] reason: &str,
) {
    let dir = folder(&[(file, UP)]);
    let error = scan_seeds(dir.path()).unwrap_err();
    let message = format!("`DIR/{shown}` is not a seed: {reason}");
    let hint = "move it to another folder; `make create-seed name=…` creates a seed".to_owned();
    assert_eq!(message_and_hint(&dir, &error), (message, hint));
}

#[test]
fn the_same_name_in_two_folders_is_refused() {
    let dir =
        folder(&[("development/m20250303_045013_roles.rs", UP), ("m20250303_045013_roles.rs", UP)]);
    let error = scan_seeds(dir.path()).unwrap_err();
    assert_eq!(
        message_and_hint(&dir, &error),
        (
            "`DIR/development/m20250303_045013_roles.rs` and `DIR/m20250303_045013_roles.rs` \
             have the same name"
                .to_owned(),
            "rename `DIR/m20250303_045013_roles.rs`".to_owned()
        )
    );
}

#[test]
fn a_file_without_up_is_named() {
    let dir = folder(&[("m20250303_045013_a.rs", "pub async fn down() {}")]);
    let error = scan(dir.path()).unwrap_err();
    assert_eq!(
        message_and_hint(&dir, &error),
        (
            "`DIR/m20250303_045013_a.rs` has no `pub async fn up`".to_owned(),
            "write `pub async fn up(schema: &Schema<'_>) -> Result { … }`".to_owned()
        )
    );
}

#[test]
fn a_private_transaction_constant_is_refused() {
    let source = format!("const TRANSACTION: bool = false; {UP}");
    let dir = folder(&[("m20250303_045013_a.rs", &source)]);
    let error = scan(dir.path()).unwrap_err();
    assert_eq!(
        message_and_hint(&dir, &error),
        (
            "`TRANSACTION` in `DIR/m20250303_045013_a.rs` is not declared as required".to_owned(),
            "write `pub const TRANSACTION: bool = false;`".to_owned()
        )
    );
}

#[test]
fn a_file_that_does_not_lex_is_left_to_rustc() {
    let dir = folder(&[("m20250303_045013_a.rs", "pub async fn up( {")]);
    let scripts = scan(dir.path()).unwrap();
    assert_eq!(scripts[0].declarations, Declarations::UNREADABLE);
    assert_eq!(scripts[0].checksum, Checksum::from_source("pub async fn up( {"));
}

/// Runs only where the file system accepts such a name.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_named() {
    use std::os::unix::ffi::OsStrExt;

    let dir = folder(&[]);
    fs::write(dir.path().join(OsStr::from_bytes(b"m20250303_\xff.rs")), UP).unwrap();
    let error = scan(dir.path()).unwrap_err();
    assert_eq!(
        message_and_hint(&dir, &error),
        (
            "the path `DIR/m20250303_\u{fffd}.rs` is not Unicode".to_owned(),
            "rename the file or the folder".to_owned()
        )
    );
}

#[test]
fn a_text_that_is_not_unicode_is_named() {
    let dir = folder(&[]);
    fs::write(dir.path().join("m20250303_045013_a.rs"), b"\xff").unwrap();
    let error = scan(dir.path()).unwrap_err();
    assert_eq!(
        message_and_hint(&dir, &error),
        ("failed to read `DIR/m20250303_045013_a.rs`".to_owned(), String::new())
    );
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
    for _ in 0..20 {
        let error = scan(dir.path()).unwrap_err();
        let (message, _) = message_and_hint(&dir, &error);
        assert_eq!(message, "`DIR/m20250303_045013_a070.rs` has no `pub async fn up`");
    }
}
