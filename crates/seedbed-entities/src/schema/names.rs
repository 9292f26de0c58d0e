//! Finds objects whose names are the same in Rust.

use std::collections::{BTreeMap, BTreeSet};

use seedbed_schema::model::QualifiedName;

use super::EntityTable;
use crate::names::{camel, column_variant};
use crate::warning::EntityWarning;

type Tables<'s> = BTreeMap<&'s QualifiedName, EntityTable<'s>>;

/// Returns each name in Rust that several objects have, with these objects.
pub(super) fn grouped<T: Ord>(
    names: impl Iterator<Item = (String, T)>,
) -> Vec<(String, BTreeSet<T>)> {
    let mut known: BTreeMap<String, BTreeSet<T>> = BTreeMap::new();
    for (rust, name) in names {
        known.entry(rust).or_default().insert(name);
    }
    known.into_iter().filter(|(_, names)| names.len() > 1).collect()
}

/// Returns the tables whose modules have the same name. A hand-written entity does not conflict, because its file has
/// its own name.
pub(super) fn same_modules(tables: &Tables<'_>) -> Vec<EntityWarning> {
    // The variant of a relation has the name of the table, and `line_2` and `line2` are the same variant.
    let in_rust = tables.iter().map(|(name, table)| (camel(&table.module), *name));
    let same = grouped(in_rust).into_iter().map(|(_, names)| {
        let module = names.first().map(|name| tables[*name].module.clone()).unwrap_or_default();
        EntityWarning::SameModule { tables: names.into_iter().cloned().collect(), module }
    });
    same.collect()
}

/// Returns the tables with columns whose fields have the same name.
pub(super) fn same_fields(tables: &Tables<'_>) -> Vec<EntityWarning> {
    let generated = tables.iter().filter(|(_, table)| table.origin.is_generated());
    let same = generated.filter_map(|(name, table)| {
        // SeaORM's `Column` has a variant for each field.
        let in_rust =
            table.columns.iter().map(|column| (column_variant(&column.field), column.name));
        let (_, columns) = grouped(in_rust).into_iter().next()?;
        let field = table.columns.iter().find(|column| columns.contains(column.name))?;
        Some(EntityWarning::SameField {
            table: (*name).clone(),
            columns: columns.into_iter().map(str::to_owned).collect(),
            field: field.field.clone(),
        })
    });
    same.collect()
}
