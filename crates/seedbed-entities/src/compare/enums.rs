//! Compares the labels of enums.

use std::collections::BTreeMap;

use seedbed_schema::model::QualifiedName;

use super::Difference;
use crate::declared::{DeclaredEnum, enums};
use crate::names::readable;
use crate::schema::EntitySchema;

/// Returns the enums that differ. An enum with a variant for other labels is not compared, because it can read any
/// label.
pub(super) fn differences(
    expected: &EntitySchema<'_>,
    sources: &BTreeMap<String, String>,
) -> Vec<Difference> {
    let declared: Vec<DeclaredEnum> = sources.values().flat_map(|source| enums(source)).collect();
    let mut found = Vec::new();
    for (name, entity_enum) in
        expected.enums.iter().filter(|(_, entity_enum)| !entity_enum.has_other)
    {
        let labels: Vec<&str> = entity_enum.labels.iter().map(|(label, _)| *label).collect();
        let object = format!("enum {}", readable(name));
        match declared.iter().find(|declared_enum| is_same(declared_enum, name)) {
            Some(declared_enum) if declared_enum.labels != labels => found.push(Difference::new(
                object,
                Some(labels.join(", ")),
                Some(declared_enum.labels.join(", ")),
            )),
            Some(_) => {}
            None => found.push(Difference::missing_entity(object, &labels.join(", "))),
        }
    }
    let exists = |declared_enum: &DeclaredEnum| {
        expected.enums.keys().any(|name| is_same(declared_enum, name))
    };
    found.extend(declared.iter().filter(|declared_enum| !exists(declared_enum)).map(
        |declared_enum| {
            Difference::missing_migration(
                format!("enum {}", declared_enum.name),
                &declared_enum.labels.join(", "),
            )
        },
    ));
    found
}

fn is_same(declared: &DeclaredEnum, name: &QualifiedName) -> bool {
    crate::write::enum_sql_name(name) == declared.name
}
