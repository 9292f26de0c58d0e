//! Tests that packages have the same driver and ORM whether they are built together or alone. Otherwise each
//! developer's machine would compile both twice.

use std::collections::BTreeSet;
use std::process::Command;

/// Returns the packages with their features, as cargo resolves them for the given selection.
fn packages(selection: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--prefix=none", "--format={p} {f}"]);
    let output = cargo.args(selection).current_dir("../..").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // cargo marks a package that is listed again, and omits its dependencies.
    text.lines().map(|line| line.replace(" (proc-macro)", "").replace(" (*)", "")).collect()
}

/// The packages that `make migrate-up`, `make schema` and `make entities` build.
const WITHOUT_SEEDS: [&str; 5] = [
    "--package=rds",
    "--package=seedbed-cli",
    "--no-default-features",
    "--features=rds/migrator,rds/dynamic_linking",
    "--edges=normal,build",
];
/// The packages that `make fresh-start` and `make seed-up` build.
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

/// Tests the packages of both builds. If they differed, `make migrate-up` and `make fresh-start` would compile the
/// engine in turns.
#[test]
fn both_builds_of_the_migrator_have_the_same_packages_except_the_entities() {
    let (with, without) = (packages(&WITH_SEEDS), packages(&WITHOUT_SEEDS));
    let ours = |line: &&String| !line.starts_with("rds ") && !line.starts_with("entity ");
    let (mut with_others, mut without_others) =
        (with.iter().filter(ours), without.iter().filter(ours));
    assert!(with_others.by_ref().eq(without_others.by_ref()), "{with:?}\n{without:?}");
    assert_eq!(starting_with(&with, "entity ").len(), 1);
    assert_eq!(starting_with(&without, "entity ").len(), 0);
}

const HEAVY: [&str; 6] =
    ["sea-orm ", "sea-query ", "sqlx-core ", "sqlx-postgres ", "syn v2", "tokio "];

#[test]
fn programs_and_tests_have_one_driver_and_one_orm() {
    let all = packages(&["--workspace", "--edges=normal,build,dev"]);
    for selection in
        [&WITH_SEEDS[..], &WITHOUT_SEEDS, &["--package=backend", "--edges=normal,build,dev"]]
    {
        let alone = packages(selection);
        for name in HEAVY {
            let (alone, all) = (starting_with(&alone, name), starting_with(&all, name));
            assert!(!alone.is_empty(), "{name} {selection:?}");
            let other: Vec<_> = alone.difference(&all).collect();
            assert!(other.is_empty(), "{selection:?} has {other:?}, and all together {all:?}");
        }
    }
}

/// Each of these crates takes seconds of the first build. `make fresh-start` would compile one twice if macros and programs
/// requested different features of it, or of a crate below it.
#[test]
fn the_first_build_compiles_each_large_crate_once() {
    let packages = packages(&WITH_SEEDS);
    let large = ["aho-corasick ", "clap_builder ", "memchr ", "proc-macro2 ", "quote "];
    let large = large.into_iter().chain(["regex-automata ", "regex-syntax ", "serde_core "]);
    for name in large.chain(HEAVY) {
        assert_eq!(starting_with(&packages, name).len(), 1, "{name}");
    }
}
