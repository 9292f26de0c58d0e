use rstest::rstest;

use super::*;
use crate::test_support::write_program;

/// Creates a folder with programs that only print a version.
fn create_programs(dir: &Path, version: &str) -> PathBuf {
    fs::create_dir_all(dir).unwrap();
    for program in PROGRAMS {
        let file = dir.join(program);
        let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
        write_program(&file, &script);
    }
    dir.to_path_buf()
}

fn settings_with(dir: &Path) -> Settings {
    Settings { bin_dir: Some(dir.to_path_buf()), ..Settings::default() }
}

#[rstest]
#[case("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some((15, "15.18")))]
#[case("postgres (PostgreSQL) 19beta1\n", Some((19, "19beta1")))]
#[case("postgres (PostgreSQL) 18\n", Some((18, "18")))]
#[case("postgres (PostgreSQL) 9.6.24\n", Some((9, "9.6.24")))]
#[case("postgres: command not found\n", None)]
#[case("postgres (PostgreSQL) devel\n", None)]
fn the_version_that_a_program_prints_is_parsed(
    #[case] line: &str,
    #[case] expected: Option<(u32, &str)>,
) {
    let version = PostgresVersion::parse(line);
    let read = version.as_ref().map(|version| (version.major, version.text.as_str()));
    assert_eq!(read, expected);
}

#[test]
fn the_newest_version_of_a_distribution_comes_first() {
    let root = tempfile::tempdir().unwrap();
    for folder in [
        "usr/lib/postgresql/9.6",
        "usr/lib/postgresql/14",
        "usr/lib/postgresql/16",
        "usr/pgsql-17",
        "opt/homebrew/opt/postgresql@15",
    ] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    let expected: Vec<PathBuf> = [
        "usr/pgsql-17/bin",
        "usr/lib/postgresql/16/bin",
        "opt/homebrew/opt/postgresql@15/bin",
        "usr/lib/postgresql/14/bin",
    ]
    .iter()
    .chain(&UNVERSIONED_DIRS)
    .map(|dir| root.path().join(dir))
    .collect();

    assert_eq!(distribution_dirs(root.path()), expected);
}

#[test]
fn a_symbolic_link_in_path_leads_to_the_folder_with_all_programs() {
    let root = tempfile::tempdir().unwrap();
    let real = fs::canonicalize(create_programs(&root.path().join("lib/16/bin"), "16.3")).ok();
    let bin = root.path().join("bin");
    fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(root.path().join("lib/16/bin/initdb"), bin.join("initdb")).unwrap();

    let found = Binaries::choose(dirs_of_path(bin.as_os_str()), None).unwrap();
    assert_eq!(Some(found.dir), real);
}

#[test]
fn a_folder_with_only_psql_is_ignored() {
    let root = tempfile::tempdir().unwrap();
    let bin = create_programs(&root.path().join("bin"), "15.1");
    for program in ["initdb", "postgres", "pg_ctl"] {
        fs::remove_file(bin.join(program)).unwrap();
    }

    let result = Binaries::choose(dirs_of_path(bin.as_os_str()), None);
    assert!(matches!(result, Err(Error::ProgramsNotFound)), "{result:?}");
}

#[test]
fn the_folder_that_pg_config_prints_is_found_outside_of_the_path() {
    let root = tempfile::tempdir().unwrap();
    let real = create_programs(&root.path().join("somewhere"), "17.2");
    let config = root.path().join("pg_config");
    write_program(&config, &format!("#!/bin/sh\necho '{}'\n", real.display()));

    let found = Binaries::choose(dirs_of_path(root.path().as_os_str()), None).unwrap();
    assert_eq!((found.dir, found.version.major), (real, 17));
}

#[test]
fn the_version_of_the_cluster_is_preferred() {
    let root = tempfile::tempdir().unwrap();
    let newer = create_programs(&root.path().join("17"), "17.2");
    let older = create_programs(&root.path().join("15"), "15.9");
    let dirs = || vec![newer.clone(), older.clone()];

    assert_eq!(Binaries::choose(dirs(), None).unwrap().dir, newer);
    assert_eq!(Binaries::choose(dirs(), Some(15)).unwrap().dir, older);
    assert_eq!(Binaries::choose(dirs(), Some(16)).unwrap().dir, newer);
}

#[rstest]
#[case("13.20")]
#[case("9.6.24")]
fn a_version_that_is_too_old_is_refused(#[case] version: &str) {
    let root = tempfile::tempdir().unwrap();
    let dir = fs::canonicalize(create_programs(&root.path().join("pg"), version)).unwrap();
    let is_refused = |error: &Error| {
        matches!(error, Error::UnsupportedVersion { dir: found, version: found_version }
            if *found == dir && found_version.to_string() == version)
    };

    let searched = Binaries::choose(vec![dir.clone()], None).unwrap_err();
    let configured = Binaries::find(&settings_with(&dir), None).unwrap_err();
    assert!(is_refused(&searched), "{searched}");
    assert!(is_refused(&configured), "{configured}");
}

#[test]
fn a_supported_version_is_preferred_over_an_older_one() {
    let root = tempfile::tempdir().unwrap();
    let old = create_programs(&root.path().join("13"), "13.20");
    let good = create_programs(&root.path().join("14"), "14.1");

    let found = Binaries::choose(vec![old, good.clone()], None).unwrap();
    assert_eq!(found.dir, good);
}

#[test]
fn an_untested_newer_version_is_used_if_there_is_no_supported_one() {
    let root = tempfile::tempdir().unwrap();
    let newer = fs::canonicalize(create_programs(&root.path().join("19"), "19beta1")).unwrap();
    let tested = create_programs(&root.path().join("18"), "18.4");
    let both = || vec![newer.clone(), tested.clone()];

    assert_eq!(Binaries::find(&settings_with(&newer), None).unwrap().dir, newer);
    assert_eq!(Binaries::choose(vec![newer.clone()], None).unwrap().dir, newer);
    assert_eq!(Binaries::choose(both(), None).unwrap().dir, tested);
    assert_eq!(Binaries::choose(both(), Some(19)).unwrap().dir, newer);
}

#[test]
fn the_version_of_a_folder_that_is_found_several_times_is_read_once() {
    let root = tempfile::tempdir().unwrap();
    let dir = create_programs(&root.path().join("bin"), "15.18");
    let calls = root.path().join("calls");
    let script =
        format!("#!/bin/sh\necho call >>{}\necho 'postgres (PostgreSQL) 15.18'\n", calls.display());
    write_program(&dir.join("postgres"), &script);
    let link = root.path().join("link");
    std::os::unix::fs::symlink(&dir, &link).unwrap();

    let found = Binaries::choose(vec![dir.clone(), link, dir.clone()], None).unwrap();

    assert_eq!(found.dir(), dir);
    assert_eq!(fs::read_to_string(calls).unwrap(), "call\n");
}

#[test]
fn a_configured_folder_without_programs_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let error = Binaries::find(&settings_with(root.path()), None).unwrap_err();

    assert!(
        matches!(&error, Error::MissingProgram { dir, program: "initdb" } if dir == root.path()),
        "{error}"
    );
}

#[test]
fn the_hint_on_a_machine_without_postgresql_names_the_packages() {
    let error = Binaries::choose(Vec::new(), None).unwrap_err();
    let hint = error.hint().unwrap();

    assert!(matches!(error, Error::ProgramsNotFound), "{error}");
    for install in ["apt-get install", "dnf install", "brew install"] {
        assert!(hint.contains(install), "{hint}");
    }
}
