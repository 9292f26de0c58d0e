//! The differences between two schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::model::{Column, DatabaseSchema, Object, ObjectKind, PartKind, Table, Unsupported};
use crate::sql::definition::{Definition, Definitions};

/// A difference in an object, a part of it, its comment or its privileges.
///
/// A change is serialized with the `object`, its SQL in the first schema as `before` and in the second one as `after`,
/// and the `fields` that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Only the second schema has the object.
    Added {
        /// The object.
        object: Object,
        /// The statements of the object and of everything that belongs to it.
        sql: String,
    },
    /// Only the first schema has the object.
    Removed {
        /// The object.
        object: Object,
        /// The statements of the object and of everything that belongs to it.
        sql: String,
    },
    /// Both schemas have the object, with different values.
    Changed {
        /// The object.
        object: Object,
        /// The fields of the value that differ.
        fields: Vec<FieldChange>,
        /// The definition in the first schema as SQL.
        before: String,
        /// The definition in the second schema as SQL.
        after: String,
    },
}

/// A field that differs between the two values of an object, such as the `data_type` of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The name of the field in [`model`](crate::model), or `value` if the type of the value has no fields.
    pub field: String,
    /// The value in the first schema.
    pub before: Value,
    /// The value in the second schema.
    pub after: Value,
}

impl Change {
    /// Returns the object that differs.
    #[must_use]
    pub fn object(&self) -> &Object {
        match self {
            Self::Added { object, .. }
            | Self::Removed { object, .. }
            | Self::Changed { object, .. } => object,
        }
    }

    /// Returns the SQL of the first schema, if it has the object.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        match self {
            Self::Added { .. } => None,
            Self::Removed { sql: before, .. } | Self::Changed { before, .. } => Some(before),
        }
    }

    /// Returns the SQL of the second schema, if it has the object.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        match self {
            Self::Removed { .. } => None,
            Self::Added { sql: after, .. } | Self::Changed { after, .. } => Some(after),
        }
    }

    /// Returns the fields that differ, if both schemas have the object.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        match self {
            Self::Changed { fields, .. } => fields,
            _ => &[],
        }
    }
}

/// Prints the object, the lines of the first definition with `-`, and the lines of the second one with `+`. Common
/// lines at the start and at the end are printed once, with a space.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.object())?;
        let lines = |text: Option<&'_ str>| -> Vec<String> {
            text.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
        };
        let (before, after) = (lines(self.before()), lines(self.after()));
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

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct SerializedChange<'c> {
            object: &'c Object,
            before: Option<&'c str>,
            after: Option<&'c str>,
            fields: &'c [FieldChange],
        }
        let (object, before) = (self.object(), self.before());
        let (after, fields) = (self.after(), self.fields());
        SerializedChange { object, before, after, fields }.serialize(serializer)
    }
}

/// The definition of an object that is compared by its name only.
const NAME_ONLY: &str = "-- exists; its definition is not compared";

/// Returns the changes that turn the first schema into the second one. Returns no changes if the schemas are equal.
///
/// An object that only one schema has is a single change, whose SQL includes the parts of the object, its comment and
/// its privileges.
#[must_use]
pub fn diff(before: &DatabaseSchema, after: &DatabaseSchema) -> Vec<Change> {
    let (before_all, after_all) = (before.definitions(), after.definitions());
    let mut changes = Vec::new();
    for (object, old, new) in pairs(&before_all, &after_all) {
        // Most objects are equal.
        if old == new {
            continue;
        }
        let root = object.root();
        let (in_before, in_after) = (before_all.contains_key(&root), after_all.contains_key(&root));
        // The sequence of an identity column is in neither schema as an object, but its comment and privileges are.
        if in_before == in_after {
            changes.extend(compare(object, old, new));
        } else if *object == root {
            let statements = |all: &Definitions<'_>| DatabaseSchema::all_statements(all, &root);
            changes.push(if in_before {
                Change::Removed { sql: statements(&before_all), object: root }
            } else {
                Change::Added { sql: statements(&after_all), object: root }
            });
        }
    }
    for (name, table) in &before.tables {
        changes.extend(after.tables.get(name).and_then(|other| column_order(table, other)));
    }
    changes.extend(unsupported(&before.unsupported, &after.unsupported));
    changes.sort_by(|one, other| one.object().cmp(other.object()));
    changes
}

/// Returns each object that at least one of the schemas has, in order, with its definition in the first and in the
/// second schema.
fn pairs<'d, 's>(
    before: &'d Definitions<'s>,
    after: &'d Definitions<'s>,
) -> impl Iterator<Item = (&'d Object, Option<&'d Definition<'s>>, Option<&'d Definition<'s>>)> {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (Some((old, _)), Some((new, _))) => old.cmp(new),
            // If only one schema has objects left, the next one is from this schema.
            (old, new) => new.is_some().cmp(&old.is_some()),
        };
        let old = if order.is_le() { before.next() } else { None };
        let new = if order.is_ge() { after.next() } else { None };
        let (object, _) = old.or(new)?;
        Some((object, old.map(|(_, definition)| definition), new.map(|(_, definition)| definition)))
    })
}

/// Returns the change between two definitions of an object, or `None` if they have the same fields.
fn compare(
    object: &Object,
    old: Option<&Definition<'_>>,
    new: Option<&Definition<'_>>,
) -> Option<Change> {
    let object = object.clone();
    match (old, new) {
        (Some(old), Some(new)) => {
            let fields = fields(old, new);
            let (before, after) = (old.sql(&object), new.sql(&object));
            (!fields.is_empty()).then_some(Change::Changed { object, fields, before, after })
        }
        (Some(old), None) => Some(Change::Removed { sql: old.sql(&object), object }),
        (None, Some(new)) => Some(Change::Added { sql: new.sql(&object), object }),
        (None, None) => None,
    }
}

/// Returns the fields that differ. The parts of a table or view are not among them, because they are separate objects.
fn fields(old: &Definition<'_>, new: &Definition<'_>) -> Vec<FieldChange> {
    let value = |definition| serde_json::to_value(definition).unwrap_or_default();
    let (old, new) = (value(old), value(new));
    let (Value::Object(mut old), Value::Object(new)) = (old.clone(), new.clone()) else {
        let change = FieldChange { field: "value".to_owned(), before: old, after: new };
        return if change.before == change.after { Vec::new() } else { vec![change] };
    };
    let fields = new.into_iter().map(|(field, after)| {
        let before = old.remove(&field).unwrap_or_default();
        FieldChange { field, before, after }
    });
    fields.filter(|field| field.before != field.after).collect()
}

/// Returns a change if the columns that both tables have are in a different order.
fn column_order(before: &Table, after: &Table) -> Option<Change> {
    let same = |(one, other): (&Column, &Column)| one.name == other.name;
    if before.columns.len() == after.columns.len()
        && before.columns.iter().zip(&after.columns).all(same)
    {
        return None;
    }
    let names = |table: &Table, other: &Table| -> Vec<String> {
        let names = table.columns.iter().map(|column| column.name.clone());
        names.filter(|name| other.column(name).is_some()).collect()
    };
    let (before_names, after_names) = (names(before, after), names(after, before));
    if before_names == after_names {
        return None;
    }
    let list = |names: &[String]| -> String {
        let names = names.iter().map(|name| seedbed_sql::quote_ident_if_needed(name));
        names.collect::<Vec<_>>().join(", ")
    };
    Some(Change::Changed {
        object: before.object().part(PartKind::ColumnOrder, ""),
        before: list(&before_names),
        after: list(&after_names),
        fields: vec![FieldChange {
            field: "value".to_owned(),
            before: before_names.into(),
            after: after_names.into(),
        }],
    })
}

type UnsupportedObjects = BTreeMap<Unsupported, Option<String>>;

/// Compares the unsupported objects by their names and, if both sides have a definition, by the definition.
fn unsupported(before: &UnsupportedObjects, after: &UnsupportedObjects) -> Vec<Change> {
    let names: BTreeSet<&Unsupported> = before.keys().chain(after.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let object = Object::global(ObjectKind::Other, name.to_string());
        let text = |definition: &Option<String>| {
            definition.clone().unwrap_or_else(|| NAME_ONLY.to_owned())
        };
        match (before.get(name), after.get(name)) {
            (Some(old), None) => Some(Change::Removed { object, sql: text(old) }),
            (None, Some(new)) => Some(Change::Added { object, sql: text(new) }),
            (Some(Some(old)), Some(Some(new))) if old != new => {
                let (before, after) = (old.clone(), new.clone());
                let (old, new) = (old.as_str().into(), new.as_str().into());
                let field = FieldChange { field: "value".to_owned(), before: old, after: new };
                Some(Change::Changed { object, fields: vec![field], before, after })
            }
            _ => None,
        }
    });
    changes.collect()
}

impl DatabaseSchema {
    /// Returns the schema without the state that an SQL file does not preserve. This is whether a materialized view is
    /// populated, and whether the persistence of a sequence differs from that of the table that owns it.
    #[must_use]
    pub fn without_runtime_state(mut self) -> Self {
        self.unsupported.retain(|one, _| !one.is_runtime_state());
        self
    }

    /// Returns the names of the objects that [`to_sql`](Self::to_sql) does not create.
    #[must_use]
    pub fn unsupported_names(&self) -> BTreeSet<String> {
        let names = self.unsupported.keys().filter(|one| !one.is_runtime_state());
        names.map(ToString::to_string).collect()
    }

    /// Returns the identities of all objects, of their parts, and of their comments and privileges.
    #[must_use]
    pub fn objects(&self) -> BTreeSet<Object> {
        self.definitions().into_keys().collect()
    }
}

/// Compares two schemas, which are equal if [`diff`] returns no changes.
impl PartialEq for DatabaseSchema {
    fn eq(&self, other: &Self) -> bool {
        diff(self, other).is_empty()
    }
}
