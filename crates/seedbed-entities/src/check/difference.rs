//! The differences between entities and migrations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::entity_schema::{EntitySchema, EntityTable};

/// A column, key, table or enum that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The object that differs, such as `users.email` or `unique key (slug) of organizations`.
    pub what: String,
    /// The definition in the migrations, such as `text NOT NULL`, or `None` if they do not create
    /// the object.
    pub migrations: Option<String>,
    /// The definition in the entity.
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

/// Returns all differences, table by table.
pub(crate) fn differences(migrations: &EntitySchema, entities: &EntitySchema) -> Vec<Difference> {
    let mut found = Vec::new();
    let names: BTreeSet<&String> = migrations.tables.keys().chain(entities.tables.keys()).collect();
    for name in names {
        let properties = match (migrations.tables.get(name), entities.tables.get(name)) {
            (Some(one), Some(other)) => (properties(name, one), properties(name, other)),
            (one, other) => (table_exists(name, one), table_exists(name, other)),
        };
        found.extend(compare(&properties.0, &properties.1));
    }
    found.extend(compare(&enums(migrations), &enums(entities)));
    found
}

type Properties = BTreeMap<String, String>;

/// Describes a table that only one side has as one difference, without its columns.
fn table_exists(name: &str, table: Option<&EntityTable>) -> Properties {
    let name = display_name(name);
    table.iter().map(|_| (format!("table {name}"), "exists".to_owned())).collect()
}

fn properties(name: &str, table: &EntityTable) -> Properties {
    let name = display_name(name);
    let mut properties = Properties::new();
    for column in &table.columns {
        let null = if column.nullable { "NULL" } else { "NOT NULL" };
        let data_type = display_name(&column.data_type);
        properties.insert(format!("{name}.{}", column.name), format!("{data_type} {null}"));
    }
    if !table.primary_key.is_empty() {
        properties.insert(format!("primary key of {name}"), list(&table.primary_key));
    }
    for key in &table.unique {
        properties.insert(format!("unique key {} of {name}", list(key)), "exists".to_owned());
    }
    for key in &table.foreign_keys {
        let to = format!("{} {}", display_name(&key.table), list(&key.to));
        properties.insert(
            format!("foreign key {} of {name} to {to}", list(&key.columns)),
            "exists".to_owned(),
        );
    }
    properties
}

fn enums(shape: &EntitySchema) -> Properties {
    let text = |labels: &Vec<String>| labels.join(", ");
    shape
        .enums
        .iter()
        .map(|(name, labels)| (format!("enum {}", display_name(name)), text(labels)))
        .collect()
}

fn compare(migrations: &Properties, entities: &Properties) -> Vec<Difference> {
    let names: BTreeSet<&String> = migrations.keys().chain(entities.keys()).collect();
    let both = names.into_iter().map(|what| Difference {
        what: what.clone(),
        migrations: migrations.get(what).cloned(),
        entity: entities.get(what).cloned(),
    });
    both.filter(|difference| difference.migrations != difference.entity).collect()
}

/// Returns a name without the schema `public`.
pub(crate) fn display_name(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}

fn list<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    format!("({})", names.join(", "))
}
