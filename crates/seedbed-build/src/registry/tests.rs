use std::time::SystemTime;

use test_support::assert_snapshot;

use super::*;

const UP: &str = "pub async fn up(schema: &Schema<'_>) -> Result { schema.a() }";

/// Creates a crate with one migration and one seed, and its output folder.
fn crate_folder() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    for (file, text) in
        [("src/migrations/m20250303_045013_a.rs", UP), ("src/seeds/m20250303_045014_b.rs", UP)]
    {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    (dir, out)
}

/// Emits the registry and returns whether `names.rs` and `registry.rs` were written. To detect a write, sets the
/// modification times to 1970 before.
fn written(dir: &Path, out: &Path) -> (bool, bool) {
    for file in ["names.rs", "registry.rs"] {
        if let Ok(file) = fs::File::options().write(true).open(out.join(file)) {
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
    }
    emit_registry(dir, out).unwrap();
    let is_new = |file: &str| {
        let modified = fs::metadata(out.join(file)).unwrap().modified().unwrap();
        modified != SystemTime::UNIX_EPOCH
    };
    (is_new("names.rs"), is_new("registry.rs"))
}

#[test]
fn an_unchanged_file_is_not_written() {
    let (dir, out) = crate_folder();
    let migration = dir.path().join("src/migrations/m20250303_045013_a.rs");
    assert_eq!(written(dir.path(), &out), (true, true), "first");
    assert_eq!(written(dir.path(), &out), (false, false), "nothing changed");
    fs::write(&migration, format!("// A comment.\n{UP}")).unwrap();
    assert_eq!(written(dir.path(), &out), (false, false), "a comment was added");
    fs::write(&migration, format!("{UP} const A: u8 = 1;")).unwrap();
    assert_eq!(written(dir.path(), &out), (false, true), "a script was edited");
    fs::copy(&migration, dir.path().join("src/seeds/m20250303_045015_c.rs")).unwrap();
    assert_eq!(written(dir.path(), &out), (false, true), "a seed was added");
    fs::copy(&migration, dir.path().join("src/migrations/m20250303_045016_d.rs")).unwrap();
    assert_eq!(written(dir.path(), &out), (true, true), "a migration was added");
    fs::remove_file(&migration).unwrap();
    assert_eq!(written(dir.path(), &out), (true, true), "a migration was deleted");
}

#[test]
fn migrations_rs_has_no_seeds() {
    let (dir, out) = crate_folder();
    emit_registry(dir.path(), &out).unwrap();
    let read = |file| fs::read_to_string(out.join(file)).unwrap();
    let (migrations, all) = (read("migrations.rs"), read("registry.rs"));
    assert!(migrations.contains("pub static MIGRATIONS") && !migrations.contains("SEEDS"));
    assert!(all.starts_with(&migrations) && all.contains("pub static SEEDS"));
}

#[test]
fn names_rs_lists_the_migrations() {
    let (dir, out) = crate_folder();
    emit_registry(dir.path(), &out).unwrap();
    assert_eq!(
        fs::read_to_string(out.join("names.rs")).unwrap(),
        "/// The names of all migrations, as the history stores them, sorted.\n\
         pub static MIGRATION_NAMES: &[&str] = &[\n    \"m20250303_045013_a\",\n];\n"
    );
}

#[test]
fn a_sea_orm_file_is_listed_by_its_migration_name() {
    let (dir, out) = crate_folder();
    let text = r#"impl MigrationName for Migration { fn name(&self) -> &str { "m20250302_z" } }
        impl MigrationTrait for Migration {}"#;
    fs::write(dir.path().join("src/migrations/m20250304_000000_own.rs"), text).unwrap();
    emit_registry(dir.path(), &out).unwrap();
    let names = fs::read_to_string(out.join("names.rs")).unwrap();
    assert!(names.ends_with("\"m20250302_z\",\n    \"m20250303_045013_a\",\n];\n"), "{names}");
}

#[test]
fn a_missing_folder_writes_nothing() {
    let (dir, out) = crate_folder();
    fs::remove_dir_all(dir.path().join("src/seeds")).unwrap();
    let error = emit_registry(dir.path(), &out).unwrap_err();
    assert!(matches!(error, ScanError::MissingFolder { kind: ScriptKind::Seed, .. }), "{error}");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_missing_output_folder_is_named() {
    let (dir, out) = crate_folder();
    fs::remove_dir(&out).unwrap();
    let error = emit_registry(dir.path(), &out).unwrap_err();
    let expected = out.join("names.rs");
    assert!(matches!(&error, ScanError::Write { path, .. } if *path == expected), "{error}");
}

#[test]
fn cargo_gets_the_message_the_cause_and_the_hint_line_by_line() {
    let missing =
        ScanError::MissingFolder { kind: ScriptKind::Seed, path: PathBuf::from("src/seeds") };
    let unreadable = ScanError::Read {
        path: PathBuf::from("src/seeds"),
        source: io::Error::other("the disk\nis on fire"),
    };
    let lines = [missing, unreadable].map(|error| cargo_error_lines(&error));
    assert_snapshot!("cargo_error_lines", lines.join("\n"));
}
