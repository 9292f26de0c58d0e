use rstest::rstest;

use super::*;
use crate::test_support::write_program;

/// A folder with programs that only tell a version.
fn fake(dir: &Path, version: &str) -> PathBuf {
    fs::create_dir_all(dir).unwrap();
    for program in PROGRAMS {
        let file = dir.join(program);
        let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
        write_program(&file, &script);
    }
    dir.to_path_buf()
}

fn named(dir: &Path) -> Settings {
    Settings { bin: Some(dir.to_path_buf()), ..Settings::default() }
}

#[rstest]
#[case("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some((15, "15.18")))]
#[case("postgres (PostgreSQL) 19beta1\n", Some((19, "19beta1")))]
#[case("postgres (PostgreSQL) 18\n", Some((18, "18")))]
#[case("postgres (PostgreSQL) 9.6.24\n", Some((9, "9.6.24")))]
#[case("postgres: command not found\n", None)]
#[case("postgres (PostgreSQL) devel\n", None)]
fn the_version_is_read(#[case] line: &str, #[case] expected: Option<(u32, &str)>) {
    let version = Version::parse(line);
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
    .chain(&UNVERSIONED)
    .map(|folder| root.path().join(folder))
    .collect();

    assert_eq!(distribution_folders(root.path()), expected);
}

#[test]
fn a_link_in_path_leads_to_the_folder_with_all_programs() {
    let root = tempfile::tempdir().unwrap();
    let real = fs::canonicalize(fake(&root.path().join("lib/16/bin"), "16.3")).ok();
    let bin = root.path().join("bin");
    fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(root.path().join("lib/16/bin/initdb"), bin.join("initdb")).unwrap();

    let found = Binaries::choose(in_path(bin.as_os_str()), None).unwrap();
    assert_eq!(Some(found.dir), real);
}

#[test]
fn a_debian_psql_on_the_path_is_not_taken_for_a_server() {
    let root = tempfile::tempdir().unwrap();
    let bin = fake(&root.path().join("bin"), "15.1");
    for program in ["initdb", "postgres", "pg_ctl"] {
        fs::remove_file(bin.join(program)).unwrap();
    }

    let result = Binaries::choose(in_path(bin.as_os_str()), None);
    assert!(matches!(result, Err(Error::NotFound)), "{result:?}");
}

#[test]
fn pg_config_names_a_folder_that_is_not_on_the_path() {
    let root = tempfile::tempdir().unwrap();
    let real = fake(&root.path().join("somewhere"), "17.2");
    let config = root.path().join("pg_config");
    write_program(&config, &format!("#!/bin/sh\necho '{}'\n", real.display()));

    let found = Binaries::choose(in_path(root.path().as_os_str()), None).unwrap();
    assert_eq!((found.dir, found.version.major), (real, 17));
}

#[test]
fn the_version_of_the_cluster_is_preferred() {
    let root = tempfile::tempdir().unwrap();
    let newer = fake(&root.path().join("17"), "17.2");
    let older = fake(&root.path().join("15"), "15.9");
    let dirs = || vec![newer.clone(), older.clone()];

    assert_eq!(Binaries::choose(dirs(), None).unwrap().dir, newer);
    assert_eq!(Binaries::choose(dirs(), Some(15)).unwrap().dir, older);
    assert_eq!(Binaries::choose(dirs(), Some(16)).unwrap().dir, newer);
}

#[rstest]
#[case("13.20")]
#[case("9.6.24")]
fn a_version_that_is_too_old_is_refused_by_name(#[case] version: &str) {
    let root = tempfile::tempdir().unwrap();
    let dir = fs::canonicalize(fake(&root.path().join("pg"), version)).unwrap();
    let expected =
        format!("PostgreSQL {version} in {} is too old: 14 to 18 are supported", dir.display());

    let searched = Binaries::choose(vec![dir.clone()], None).unwrap_err();
    let told = Binaries::find(&named(&dir), None).unwrap_err();
    assert_eq!(searched.to_string(), expected);
    assert_eq!(told.to_string(), expected);
}

#[test]
fn a_supported_version_wins_over_one_that_is_not() {
    let root = tempfile::tempdir().unwrap();
    let old = fake(&root.path().join("13"), "13.20");
    let good = fake(&root.path().join("14"), "14.1");

    let found = Binaries::choose(vec![old, good.clone()], None).unwrap();
    assert_eq!(found.dir, good);
}

#[test]
fn a_version_that_nobody_has_tested_is_used_where_there_is_no_other() {
    let root = tempfile::tempdir().unwrap();
    let newer = fs::canonicalize(fake(&root.path().join("19"), "19beta1")).unwrap();
    let tested = fake(&root.path().join("18"), "18.4");
    let both = || vec![newer.clone(), tested.clone()];

    assert_eq!(Binaries::find(&named(&newer), None).unwrap().dir, newer);
    assert_eq!(Binaries::choose(vec![newer.clone()], None).unwrap().dir, newer);
    assert_eq!(Binaries::choose(both(), None).unwrap().dir, tested);
    assert_eq!(Binaries::choose(both(), Some(19)).unwrap().dir, newer);
}

#[test]
fn a_folder_that_several_ways_lead_to_is_asked_once() {
    let root = tempfile::tempdir().unwrap();
    let dir = fake(&root.path().join("bin"), "15.18");
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
fn a_named_folder_without_programs_is_an_error_and_not_a_search() {
    let root = tempfile::tempdir().unwrap();
    let error = Binaries::find(&named(root.path()), None).unwrap_err();

    let expected = format!(
        "SEEDBED_PG_BIN names {}, where there is no program `initdb`",
        root.path().display()
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_machine_without_postgresql_is_told_what_to_install() {
    let error = Binaries::choose(Vec::new(), None).unwrap_err();
    let hint = error.hint().unwrap();

    assert_eq!(
        error.to_string(),
        "no PostgreSQL server programs found on this machine (initdb, postgres, pg_ctl and psql, version 14 to 18)"
    );
    for install in ["apt-get install", "dnf install", "brew install"] {
        assert!(hint.contains(install), "{hint}");
    }
}
