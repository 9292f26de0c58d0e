//! Tests round trips of random schemas, and the detection of random changes.
//!
//! Every run has the same cases, because the random number generator has a fixed seed. `PROPTEST_CASES` sets their
//! number.

mod change;
mod extra;
mod schema;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use seedbed_schema::model::{Aspect, Object};

use self::change::{CHANGES, RandomChange, change};
use self::schema::{RandomTable, create, tables};
use crate::support::{TestConnection, changed_names, round_trip};

const CASES: u32 = 24;

#[test]
fn random_schemas_round_trip_and_each_change_is_found() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases: u32 = cases.unwrap_or(CASES);
    let config = Config { cases, max_shrink_iters: 40, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let strategy = (
        prop::collection::vec(tables(), 1..4),
        prop::collection::vec((select(CHANGES.to_vec()), any::<Index>(), 0..60_usize), 8),
    );
    let databases =
        runtime.block_on(async { (TestConnection::new().await, TestConnection::new().await) });
    // The test runner takes an `Fn`, so the state needs interior mutability.
    let (databases, found) = (RefCell::new(databases), Cell::new(0));
    let seen = RefCell::new(BTreeSet::new());
    let done = TestRunner::new_with_rng(config, random).run(&strategy, |(tables, changes)| {
        let (database, other) = &mut *databases.borrow_mut();
        let seen = &mut *seen.borrow_mut();
        let applied = runtime.block_on(check(database, other, &tables, &changes, seen));
        found.set(found.get() + applied);
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.get() >= cases * 3, "only {} changes could be applied", found.get());
    let all: BTreeSet<&str> = ALL_KINDS.split(", ").collect();
    assert_eq!(*seen.borrow(), all);
}

/// The kinds of all objects and parts, except default privileges, which dropping a schema does not remove, and the
/// order of columns, which only exists in a diff.
const ALL_KINDS: &str = "extension, schema, collation, type, domain, sequence, function, procedure, aggregate, \
    table, view, materialized view, statistics, event trigger, column, default of column, owning column, constraint, \
    index, parent, parent of index, replica identity, cluster order, row type, rule, trigger, \
    row security, policy, comment, privileges";

/// Returns the kind of the object, part or aspect, as in `ALL_KINDS`.
fn word(object: &Object) -> &'static str {
    match (object.aspect, &object.part) {
        (Aspect::Comment, _) => "comment",
        (Aspect::Privileges, _) => "privileges",
        (Aspect::Definition, Some(part)) => part.kind.as_str(),
        (Aspect::Definition, None) => object.kind.as_str(),
    }
}

/// Creates the schema, applies the changes one after the other, and returns the number of applied changes. A change
/// consists of its kind, a choice of the table, and a number that chooses a column or another part of the table. The
/// kinds of all objects are added to `seen`.
async fn check(
    database: &mut TestConnection,
    other: &mut TestConnection,
    tables: &[RandomTable],
    changes: &[(RandomChange, Index, usize)],
    seen: &mut BTreeSet<&'static str>,
) -> u32 {
    database.drop_everything().await;
    database.run(&create(tables)).await;
    let mut before = database.read().await;
    round_trip(&before, other).await;
    let mut applied = 0;
    for (kind, table, part) in changes {
        let Some((sql, name)) = change(*kind, tables, table.index(tables.len()), *part) else {
            continue;
        };
        // A repeated change may fail, because its object already exists or is gone.
        if !database.try_run(&sql).await {
            continue;
        }
        let after = database.read().await;
        let names = changed_names(&before, &after);
        let is_expected =
            |found: &String| found.contains(&name.replace('"', "\"\"")) || found.contains(&name);
        // A repeated change of one of these kinds succeeds without an effect.
        let can_be_repeated = matches!(
            kind,
            RandomChange::ToggleNotNull
                | RandomChange::ToggleDefault
                | RandomChange::Comment
                | RandomChange::Grant
                | RandomChange::AlterExtra
        );
        assert!(can_be_repeated && applied > 0 || !names.is_empty(), "not found: {sql}");
        assert!(names.iter().all(is_expected), "{sql}: {names:?}");
        before = after;
        applied += 1;
        seen.extend(before.objects().iter().map(word));
    }
    round_trip(&before, other).await;
    applied
}
