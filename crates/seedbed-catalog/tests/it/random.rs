//! Random schemas: what was written and loaded is equal, and one change is always found.
//!
//! The same ones in every run: the generator of random numbers begins at the same place. `PROPTEST_CASES` is
//! how many, if it is set.

mod change;
mod extra;
mod schema;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use seedbed_catalog::{Aspect, Object};

use self::change::{CHANGES, Change, change};
use self::schema::{Table, create, tables};
use crate::support::{Scratch, names, round_trip};

const CASES: u32 = 24;

#[test]
fn a_random_schema_survives_the_file_and_one_change_is_found() {
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
    let databases = runtime.block_on(async { (Scratch::new().await, Scratch::new().await) });
    // The runner takes what only looks.
    let (databases, found) = (RefCell::new(databases), Cell::new(0));
    let seen = RefCell::new(BTreeSet::new());
    let done = TestRunner::new_with_rng(config, random).run(&strategy, |(tables, changes)| {
        let (scratch, other) = &mut *databases.borrow_mut();
        let seen = &mut *seen.borrow_mut();
        let made = runtime.block_on(check(scratch, other, &tables, &changes, seen));
        found.set(found.get() + made);
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.get() >= cases * 3, "only {} changes could be made", found.get());
    let all: BTreeSet<&str> = ALL.split(", ").collect();
    assert_eq!(*seen.borrow(), all);
}

/// Every kind of object and part that is compared, but for default privileges, which are not in a schema
/// that is dropped, and for the order of columns, which is only seen in a difference.
const ALL: &str = "extension, schema, collation, type, domain, sequence, function, procedure, aggregate, \
    table, view, materialized view, statistics, event trigger, column, default of, owned by, constraint, \
    index, parent, parent of index, replica identity, cluster order, row type, rule, trigger, \
    row security, policy, comment, privileges";

fn word(object: &Object) -> &'static str {
    match (object.aspect, &object.part) {
        (Aspect::Comment, _) => "comment",
        (Aspect::Privileges, _) => "privileges",
        (Aspect::Definition, Some(part)) => part.kind.as_str(),
        (Aspect::Definition, None) => object.kind.as_str(),
    }
}

/// Makes the schema, and one change after the other; how many there were.
async fn check(
    scratch: &mut Scratch,
    other: &mut Scratch,
    tables: &[Table],
    changes: &[(Change, Index, usize)],
    seen: &mut BTreeSet<&'static str>,
) -> u32 {
    scratch.empty().await;
    scratch.run(&create(tables)).await;
    let mut before = scratch.read().await;
    round_trip(&before, other).await;
    let mut made = 0;
    for (what, table, place) in changes {
        let Some((sql, name)) = change(*what, tables, table.index(tables.len()), *place) else {
            continue;
        };
        // The second time it may be there already, or what it meets is gone.
        if !scratch.try_run(&sql).await {
            continue;
        }
        let after = scratch.read().await;
        let names = names(&before, &after);
        let is_expected =
            |found: &String| found.contains(&name.replace('"', "\"\"")) || found.contains(&name);
        // A privilege or comment that was there already is no change.
        let may_be_none = matches!(
            what,
            Change::SwitchNotNull
                | Change::SwitchDefault
                | Change::Comment
                | Change::Grant
                | Change::OfExtra
        );
        assert!(may_be_none && made > 0 || !names.is_empty(), "not found: {sql}");
        assert!(names.iter().all(is_expected), "{sql}: {names:?}");
        before = after;
        made += 1;
        seen.extend(before.objects().keys().map(word));
    }
    round_trip(&before, other).await;
    made
}
