//! Each kind of object: made, read, written, loaded elsewhere and equal; then changed, and that change
//! is found and no other.

mod programs;
mod tables;
mod types;

use seedbed_catalog::{Change, diff};
use serde_json::json;

use crate::support::{Scratch, names, round_trip};

/// What is made, what is changed, and what that is called.
struct Case {
    name: &'static str,
    /// The first version of PostgreSQL that has it.
    since: i32,
    create: &'static str,
    change: &'static str,
    found: &'static [&'static str],
}

const fn case(
    name: &'static str,
    create: &'static str,
    change: &'static str,
    found: &'static [&'static str],
) -> Case {
    since(14, name, create, change, found)
}

const fn since(
    since: i32,
    name: &'static str,
    create: &'static str,
    change: &'static str,
    found: &'static [&'static str],
) -> Case {
    Case { name, since, create, change, found }
}

/// One after the other in the same two databases: to create two for each case takes minutes.
async fn check_each(cases: &[Case]) {
    let (mut scratch, mut other) = (Scratch::new().await, Scratch::new().await);
    let version = scratch.version().await;
    for case in cases.iter().filter(|case| case.since <= version) {
        println!("{}", case.name);
        scratch.empty().await;
        scratch.run(case.create).await;
        let before = scratch.read().await;
        assert!(!before.objects().is_empty());
        round_trip(&before, &mut other).await;
        scratch.run(case.change).await;
        let after = scratch.read().await;
        assert_eq!(names(&before, &after), case.found, "{}\n{}", case.change, after.to_sql());
        diff(&before, &after).iter().for_each(is_told);
        assert_eq!(names(&after, &before), case.found);
        round_trip(&after, &mut other).await;
    }
}

/// As text, under its name with the lines of both sides, and as JSON.
fn is_told(change: &Change) {
    let text = change.to_string();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(change.object.to_string().as_str()));
    assert!(lines.any(|line| line.starts_with(['-', '+'])), "{text}");
    let json = serde_json::to_value(change).expect("it has no other keys than strings");
    assert_eq!(json["object"]["name"], json!(change.object.name));
    assert_eq!((&json["before"], &json["after"]), (&json!(change.before), &json!(change.after)));
    assert_ne!(json["before"], json["after"]);
}
