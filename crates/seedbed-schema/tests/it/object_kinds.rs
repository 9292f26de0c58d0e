//! Tests round trips of every kind of object. The object is created, read, written, and executed in another database.
//! Then it is changed, and the diff contains exactly this change.

mod functions_and_triggers;
mod tables;
mod types;

use seedbed_schema::{Change, diff};
use serde_json::json;

use crate::support::{TestConnection, changed_names, round_trip};

/// The statements that create and change an object, and the expected differences.
struct ObjectKindCase {
    name: &'static str,
    /// The first version of PostgreSQL that supports the statements.
    since: i32,
    create: &'static str,
    change: &'static str,
    /// The names of the objects that differ after the change.
    found: &'static [&'static str],
}

/// Returns a case for every supported version.
const fn case(
    name: &'static str,
    create: &'static str,
    change: &'static str,
    found: &'static [&'static str],
) -> ObjectKindCase {
    since(14, name, create, change, found)
}

/// Returns a case for PostgreSQL `since` and later.
const fn since(
    since: i32,
    name: &'static str,
    create: &'static str,
    change: &'static str,
    found: &'static [&'static str],
) -> ObjectKindCase {
    ObjectKindCase { name, since, create, change, found }
}

/// Checks all cases in the same two databases, because creating databases for each case takes minutes.
async fn check_each(cases: &[ObjectKindCase]) {
    let (mut database, mut other) = (TestConnection::new().await, TestConnection::new().await);
    let version = database.version().await;
    for case in cases.iter().filter(|case| case.since <= version) {
        println!("{}", case.name);
        database.drop_everything().await;
        database.run(case.create).await;
        let before = database.read().await;
        assert!(!before.objects().is_empty());
        round_trip(&before, &mut other).await;
        database.run(case.change).await;
        let after = database.read().await;
        assert_eq!(
            changed_names(&before, &after),
            case.found,
            "{}\n{}",
            case.change,
            after.to_sql()
        );
        diff(&before, &after).iter().for_each(assert_change_is_reported);
        assert_eq!(changed_names(&after, &before), case.found);
        round_trip(&after, &mut other).await;
    }
}

/// Asserts that the change is printed with its object and at least one line that differs, and that it has a JSON form.
fn assert_change_is_reported(change: &Change) {
    let text = change.to_string();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(change.object().to_string().as_str()));
    assert!(lines.any(|line| line.starts_with(['-', '+'])), "{text}");
    let json = serde_json::to_value(change).expect("all of its keys are strings");
    assert_eq!(
        (&json["before"], &json["after"]),
        (&json!(change.before()), &json!(change.after()))
    );
    let is_in_one_schema = change.before().is_none() || change.after().is_none();
    assert_eq!(change.fields().is_empty(), is_in_one_schema, "{text}");
    assert_ne!(json["before"], json["after"]);
}
