//! What is built together and what is built alone has the same driver and ORM below it: else each developer's machine
//! compiles both twice.

use std::collections::BTreeSet;
use std::process::Command;

/// The packages with their features, as cargo resolves them for that selection.
fn packages(selection: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--prefix=none", "--format={p} {f}"]);
    let output = cargo.args(selection).current_dir("../..").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // What is there again is marked, with all of what it depends on left out.
    text.lines().map(|line| line.replace(" (proc-macro)", "").replace(" (*)", "")).collect()
}

#[test]
fn migrator_entities_and_tests_have_one_driver_and_one_orm() {
    let heavy = ["sea-orm ", "sea-query ", "sqlx-core ", "sqlx-postgres ", "syn v2", "tokio "];
    let all = packages(&["--workspace", "--edges=normal,build,dev"]);
    for selection in [
        &["--package=rds", "--features=dynamic_linking", "--edges=normal,build"][..],
        &["--package=entities", "--edges=normal,build"],
        &["--package=backend", "--edges=normal,build,dev"],
    ] {
        let alone = packages(selection);
        for name in heavy {
            let of = |packages: &BTreeSet<String>| -> BTreeSet<String> {
                packages.iter().filter(|line| line.starts_with(name)).cloned().collect()
            };
            let (alone, all) = (of(&alone), of(&all));
            assert!(!alone.is_empty(), "{name} {selection:?}");
            let other: Vec<_> = alone.difference(&all).collect();
            assert!(other.is_empty(), "{selection:?} has {other:?}, and all together {all:?}");
        }
    }
}
