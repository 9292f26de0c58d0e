//! Tests that the builds of the workspace select the same versions and features of the driver and the ORM. Otherwise, cargo
//! would compile the driver and the ORM once for each build.

use std::collections::BTreeSet;
use std::process::Command;

/// Returns the packages with their features, as cargo resolves them for the given selection.
fn packages(selection: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--prefix=none", "--format={p} {f}"]);
    let output = cargo.args(selection).current_dir("../..").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // cargo marks procedural macros, and packages that it lists again without their dependencies.
    text.lines().map(|line| line.replace(" (proc-macro)", "").replace(" (*)", "")).collect()
}

/// The arguments that select what `make migrate-up`, `make schema` and `make entities` build.
const WITHOUT_SEEDS: [&str; 5] = [
    "--package=rds",
    "--package=seedbed-cli",
    "--no-default-features",
    "--features=rds/migrator,rds/dynamic_linking",
    "--edges=normal,build",
];
/// The arguments that select what `make fresh-start` and `make seed-up` build.
const WITH_SEEDS: [&str; 4] = [
    "--package=rds",
    "--package=seedbed-cli",
    "--features=rds/dynamic_linking",
    "--edges=normal,build",
];

/// Returns the packages whose names start with a word, with their features.
fn starting_with(packages: &BTreeSet<String>, word: &str) -> BTreeSet<String> {
    packages.iter().filter(|line| line.starts_with(word)).cloned().collect()
}

/// Tests the packages of both builds. If they differed, each of `make migrate-up` and `make fresh-start` would compile its
/// own copy of the engine.
#[test]
fn both_builds_of_the_migrator_have_the_same_packages_except_the_entities() {
    let (with, without) = (packages(&WITH_SEEDS), packages(&WITHOUT_SEEDS));
    let is_shared = |line: &&String| !line.starts_with("rds ") && !line.starts_with("entity ");
    let is_equal = with.iter().filter(is_shared).eq(without.iter().filter(is_shared));
    assert!(is_equal, "{with:?}\n{without:?}");
    assert_eq!(starting_with(&with, "entity ").len(), 1);
    assert_eq!(starting_with(&without, "entity ").len(), 0);
}

/// The large crates that every build needs.
const HEAVY: [&str; 6] =
    ["sea-orm ", "sea-query ", "sqlx-core ", "sqlx-postgres ", "syn v2", "tokio "];

#[test]
fn programs_and_tests_have_one_driver_and_one_orm() {
    let all = packages(&["--workspace", "--edges=normal,build,dev"]);
    for selection in
        [&WITH_SEEDS[..], &WITHOUT_SEEDS, &["--package=backend", "--edges=normal,build,dev"]]
    {
        let selected = packages(selection);
        for name in HEAVY {
            let (selected, all) = (starting_with(&selected, name), starting_with(&all, name));
            assert!(!selected.is_empty(), "{name} {selection:?}");
            let other: Vec<_> = selected.difference(&all).collect();
            assert!(other.is_empty(), "{selection:?} has {other:?}, but the workspace has {all:?}");
        }
    }
}

/// Tests crates that take seconds of the first build. `make fresh-start` would compile such a crate twice if macros and
/// programs requested different features of the crate, or of one of its dependencies.
#[test]
fn the_first_build_compiles_each_large_crate_once() {
    let packages = packages(&WITH_SEEDS);
    let large = ["aho-corasick ", "clap_builder ", "memchr ", "proc-macro2 ", "quote "];
    let large = large.into_iter().chain(["regex-automata ", "regex-syntax ", "serde_core "]);
    for name in large.chain(HEAVY) {
        assert_eq!(starting_with(&packages, name).len(), 1, "{name}");
    }
}
