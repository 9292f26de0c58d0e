//! What entities and migrations do not have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::shape::{Shape, TableShape};

/// One column, key, table or enum that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs, such as `users.email` or `unique key (slug) of organizations`.
    pub what: String,
    /// How the migrations make it, such as `text NOT NULL`; nothing if they do not.
    pub migrations: Option<String>,
    /// How the entity has it.
    pub entity: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match (&self.migrations, &self.entity) {
            (Some(migrations), Some(entity)) => {
                write!(f, "{what}: {migrations} in the migrations, {entity} in the entity")
            }
            (Some(migrations), None) => {
                write!(f, "{what}: {migrations} in the migrations, missing in the entities")
            }
            (None, entity) => {
                let entity = entity.as_deref().unwrap_or("something");
                write!(f, "{what}: {entity} in the entity, missing in the migrations")
            }
        }
    }
}

/// Everything that differs, table by table.
pub(crate) fn differences(migrations: &Shape, entities: &Shape) -> Vec<Difference> {
    let mut found = Vec::new();
    let names: BTreeSet<&String> = migrations.tables.keys().chain(entities.tables.keys()).collect();
    for name in names {
        let facts = match (migrations.tables.get(name), entities.tables.get(name)) {
            (Some(one), Some(other)) => (facts(name, one), facts(name, other)),
            (one, other) => (whole(name, one), whole(name, other)),
        };
        found.extend(compare(&facts.0, &facts.1));
    }
    found.extend(compare(&enums(migrations), &enums(entities)));
    found
}

type Facts = BTreeMap<String, String>;

/// A table that only one side has is one difference, and not one for each of its columns.
fn whole(name: &str, table: Option<&TableShape>) -> Facts {
    let name = shown(name);
    table.iter().map(|_| (format!("table {name}"), "there".to_owned())).collect()
}

fn facts(name: &str, table: &TableShape) -> Facts {
    let name = shown(name);
    let mut facts = Facts::new();
    for column in &table.columns {
        let null = if column.nullable { "NULL" } else { "NOT NULL" };
        let data_type = shown(&column.data_type);
        facts.insert(format!("{name}.{}", column.name), format!("{data_type} {null}"));
    }
    if !table.primary_key.is_empty() {
        facts.insert(format!("primary key of {name}"), list(&table.primary_key));
    }
    for key in &table.unique {
        facts.insert(format!("unique key {} of {name}", list(key)), "there".to_owned());
    }
    for key in &table.foreign_keys {
        let to = format!("{} {}", shown(&key.table), list(&key.to));
        facts.insert(
            format!("foreign key {} of {name} to {to}", list(&key.columns)),
            "there".to_owned(),
        );
    }
    facts
}

fn enums(shape: &Shape) -> Facts {
    let text = |labels: &Vec<String>| labels.join(", ");
    shape
        .enums
        .iter()
        .map(|(name, labels)| (format!("enum {}", shown(name)), text(labels)))
        .collect()
}

fn compare(migrations: &Facts, entities: &Facts) -> Vec<Difference> {
    let names: BTreeSet<&String> = migrations.keys().chain(entities.keys()).collect();
    let both = names.into_iter().map(|what| Difference {
        what: what.clone(),
        migrations: migrations.get(what).cloned(),
        entity: entities.get(what).cloned(),
    });
    both.filter(|difference| difference.migrations != difference.entity).collect()
}

/// Nobody types the schema that is there anyway.
pub(crate) fn shown(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}

fn list<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    format!("({})", names.join(", "))
}
