//! The differences between two catalogs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::object::{Aspect, Object, ObjectKind, PartKind};
use crate::table::Table;

/// A difference in an object, a part of it, its comment or its privileges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The object that differs.
    pub object: Object,
    /// The definition in the first catalog as SQL, or `None` if the object does not exist there.
    pub before: Option<String>,
    /// The definition in the second catalog.
    pub after: Option<String>,
}

/// Prints the object, the lines of the first definition with `-` and of the second with `+`. Common
/// lines at the start and at the end are printed once, with a space.
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

/// The definition of an object that is compared by its name only.
const NAME_ONLY: &str = "-- exists; its definition is not compared";

/// Returns the changes that turn the first catalog into the second one; none if they are equal.
///
/// An object that only one catalog has is one change with everything that belongs to it.
#[must_use]
pub fn diff(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let (before_objects, after_objects) = (before.objects(), after.objects());
    let names: BTreeSet<&Object> = before_objects.keys().chain(after_objects.keys()).collect();
    let mut changes = Vec::new();
    for object in names {
        let (old, new) = (before_objects.get(object), after_objects.get(object));
        let root = object.root();
        // Default privileges and similar objects have no root object in either catalog.
        if before_objects.contains_key(&root) != after_objects.contains_key(&root) {
            if *object == root {
                changes.push(Change {
                    object: root,
                    before: old.map(|_| all_statements(before, object)),
                    after: new.map(|_| all_statements(after, object)),
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
        catalog.unsupported.iter().chain(&catalog.runtime_state).cloned().collect()
    };
    let (before_names, after_names) = (names(before), names(after));
    changes.extend(before_names.symmetric_difference(&after_names).map(|name| {
        let text = |names: &BTreeSet<String>| names.contains(name).then(|| NAME_ONLY.to_owned());
        let object = Object::new(ObjectKind::Other, name.clone());
        Change { object, before: text(&before_names), after: text(&after_names) }
    }));
    changes.sort_by(|one, other| one.object.cmp(&other.object));
    changes
}

/// Returns all statements of an object that the other catalog does not have.
fn all_statements(catalog: &Catalog, root: &Object) -> String {
    let table = (root.kind == ObjectKind::Table).then(|| catalog.tables.get(&root.name)).flatten();
    let create = table.map(|table| table.create(|_| false, &[]));
    let statements = catalog.objects.iter().filter(|(object, _)| object.root() == *root);
    // The order is by aspect, because a comment on a column follows the indexes of the table.
    let statements: BTreeMap<(Aspect, &Object), &String> =
        statements.map(|(object, sql)| ((object.aspect, object), sql)).collect();
    create.iter().chain(statements.into_values()).cloned().collect::<Vec<_>>().join("\n")
}

fn column_order(before: &Table, after: &Table) -> Option<Change> {
    let names = |table: &Table, other: &Table| -> Vec<String> {
        let has = |name: &String| other.columns.iter().any(|column| column.name == *name);
        table.columns.iter().map(|column| column.name.clone()).filter(has).collect()
    };
    let (before_names, after_names) = (names(before, after), names(after, before));
    let object = before.object().part(PartKind::ColumnOrder, "");
    (before_names != after_names).then(|| Change {
        object,
        before: Some(before_names.join(", ")),
        after: Some(after_names.join(", ")),
    })
}
