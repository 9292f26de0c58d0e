//! What two catalogues do not have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::object::{Aspect, Kind, Object, PartKind};
use crate::table::Table;

/// One object, part, comment or set of privileges that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What differs.
    pub object: Object,
    /// How the first catalogue has it, as SQL; nothing if it has it not.
    pub before: Option<String>,
    /// How the second one has it.
    pub after: Option<String>,
}

/// A heading and the lines of both sides, the first one's with a minus, the second one's with a plus;
/// lines that both have at the beginning or the end once, with a space.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.object)?;
        let lines = |text: &'_ Option<String>| -> Vec<String> {
            text.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
        };
        let (before, after) = (lines(&self.before), lines(&self.after));
        let same = |pair: &(&String, &String)| pair.0 == pair.1;
        let head = before.iter().zip(&after).take_while(same).count();
        let (left, right) = (&before[head..], &after[head..]);
        let tail = left.iter().rev().zip(right.iter().rev()).take_while(same).count();
        let mut print = |sign: char, lines: &[String]| {
            lines.iter().try_for_each(|line| write!(f, "\n{}", format!("{sign} {line}").trim_end()))
        };
        print(' ', &before[..head])?;
        print('-', &left[..left.len() - tail])?;
        print('+', &right[..right.len() - tail])?;
        print(' ', &left[left.len() - tail..])
    }
}

/// What is said of an object that is on one side and not written.
const BY_NAME: &str = "-- there; what it is, is not read";

/// What has to change in the first catalogue to make it the second: nothing if they are equal.
///
/// An object that only one side has is one change with all that belongs to it, and not one for each
/// part.
#[must_use]
pub fn diff(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let (ours, theirs) = (before.objects(), after.objects());
    let names: BTreeSet<&Object> = ours.keys().chain(theirs.keys()).collect();
    let mut changes = Vec::new();
    for object in names {
        let (old, new) = (ours.get(object), theirs.get(object));
        let whole = object.whole();
        // Default privileges and the like have no whole; then both sides agree on that.
        if ours.contains_key(&whole) != theirs.contains_key(&whole) {
            if *object == whole {
                changes.push(Change {
                    object: whole,
                    before: old.map(|_| everything(before, object)),
                    after: new.map(|_| everything(after, object)),
                });
            }
        } else if old != new {
            let (object, before, after) = (object.clone(), old.cloned(), new.cloned());
            changes.push(Change { object, before, after });
        }
    }
    for (name, table) in &before.tables {
        changes.extend(after.tables.get(name).and_then(|other| column_order(table, other)));
    }
    let names = |catalog: &Catalog| -> BTreeSet<String> {
        catalog.not_seen.iter().chain(&catalog.not_from_files).cloned().collect()
    };
    let (ours, theirs) = (names(before), names(after));
    changes.extend(ours.symmetric_difference(&theirs).map(|name| {
        let text = |names: &BTreeSet<String>| names.contains(name).then(|| BY_NAME.to_owned());
        let object = Object::new(Kind::Other, name.clone());
        Change { object, before: text(&ours), after: text(&theirs) }
    }));
    changes.sort_by(|one, other| one.object.cmp(&other.object));
    changes
}

/// All statements of an object that is not there on the other side.
fn everything(catalog: &Catalog, whole: &Object) -> String {
    let table = (whole.kind == Kind::Table).then(|| catalog.tables.get(&whole.name)).flatten();
    let create = table.map(|table| table.create(|_| false, &[]));
    let statements = catalog.objects.iter().filter(|(object, _)| object.whole() == *whole);
    // By aspect first: a comment on a column is made after its table's indexes.
    let statements: BTreeMap<(Aspect, &Object), &String> =
        statements.map(|(object, sql)| ((object.aspect, object), sql)).collect();
    create.iter().chain(statements.into_values()).cloned().collect::<Vec<_>>().join("\n")
}

fn column_order(before: &Table, after: &Table) -> Option<Change> {
    let names = |table: &Table, other: &Table| -> Vec<String> {
        let has = |name: &String| other.columns.iter().any(|column| column.name == *name);
        table.columns.iter().map(|column| column.name.clone()).filter(has).collect()
    };
    let (ours, theirs) = (names(before, after), names(after, before));
    let object = before.object().part(PartKind::ColumnOrder, "");
    (ours != theirs).then(|| Change {
        object,
        before: Some(ours.join(", ")),
        after: Some(theirs.join(", ")),
    })
}
