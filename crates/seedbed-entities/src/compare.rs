//! Compares the source of entities with a schema.

mod difference;
mod enums;
mod fields;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_config::EntityOptions;
use seedbed_schema::model::{DatabaseSchema, QualifiedName};

pub use self::difference::Difference;

use crate::declared::{self, DeclaredEntity};
use crate::error::Error;
use crate::names::readable;
use crate::schema::{EntityOrigin, EntitySchema, EntityTable, SourceKind, hand_written_files};
use crate::types::TypeMap;

/// Compares entities with a schema in both directions, and returns the differences table by table.
///
/// `generated` and `by_hand` have the sources of the files by the names of their modules, such as `user` and `enums`. A
/// hand-written entity of a view is compared with the columns of the view, whether or not the settings name it.
///
/// # Errors
/// Fails if the settings do not match the schema.
pub fn compare(
    schema: &DatabaseSchema,
    options: &EntityOptions,
    generated: &BTreeMap<String, String>,
    by_hand: &BTreeMap<String, String>,
) -> Result<Vec<Difference>, Error> {
    let files = hand_written_files(by_hand);
    let expected = EntitySchema::new(schema, options, &files)?;
    let types =
        TypeMap { enums: &expected.enums, domains: &schema.domains, chosen: &options.types };
    let by_hand = files.iter().filter_map(|(module, file)| Some((module, file.entity.clone()?)));
    let declared: Vec<(&String, DeclaredEntity)> = generated
        .iter()
        .filter_map(|(module, source)| Some((module, declared::entity(source)?)))
        .chain(by_hand)
        .collect();
    let mut found = BTreeMap::new();
    for (module, entity) in &declared {
        // The entity of a table that is gone must also be removed from the lists.
        let (differences, lists) = match expected.tables.get(&entity.table) {
            Some(table) => (table_differences(table, entity, types), &[][..]),
            None => (other_differences(schema, entity, types), &LISTS[..]),
        };
        let modules = || lists.iter().copied().chain([module.as_str()]);
        let differences =
            differences.into_iter().map(|difference| difference.in_modules(modules()));
        found.entry(&entity.table).or_insert_with(Vec::new).extend(differences);
    }
    let known: BTreeSet<&QualifiedName> =
        declared.iter().map(|(_, entity)| &entity.table).collect();
    // An entity that cannot be read is not missing. rustc reports its file.
    let missing = expected.tables.values().filter(|table| {
        !known.contains(table.name) && !matches!(table.origin, EntityOrigin::Unreadable)
    });
    for table in missing {
        let object = format!("{} {}", kind(table.kind), readable(table.name));
        let modules = LISTS.into_iter().chain([table.module.as_str()]);
        let missing = Difference::missing_entity(object, "exists").in_modules(modules);
        found.entry(table.name).or_default().push(missing);
    }
    let mut differences: Vec<Difference> = found.into_values().flatten().collect();
    let enum_differences = enums::differences(&expected, generated).into_iter();
    differences.extend(enum_differences.map(|difference| difference.in_modules(["enums"])));
    Ok(differences)
}

/// The modules that list all entities.
const LISTS: [&str; 2] = ["mod", "prelude"];

fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Table => "table",
        SourceKind::View => "view",
    }
}

fn table_differences(
    table: &EntityTable<'_>,
    entity: &DeclaredEntity,
    types: TypeMap<'_>,
) -> Vec<Difference> {
    let name = readable(table.name);
    let mut found = fields::differences(&name, &table.columns, entity, types);
    for column in &table.columns {
        // The entity of a view often has only some of its columns.
        let is_declared = entity.fields.iter().any(|field| field.column == column.name);
        if !is_declared && (table.kind == SourceKind::Table || table.origin.is_generated()) {
            let object = format!("{name}.{}", column.name);
            found.push(Difference::missing_entity(object, &fields::describe(column)));
        }
    }
    let key: BTreeSet<&str> = entity
        .fields
        .iter()
        .filter(|field| field.is_key)
        .map(|field| field.column.as_str())
        .collect();
    // Only the author of the entity knows which columns identify a row of a table without a primary key.
    if table.kind == SourceKind::Table && !table.primary_key.is_empty() && key != table.primary_key
    {
        found.push(Difference::new(
            format!("primary key of {name}"),
            Some(list(&table.primary_key)),
            Some(list(&key)),
        ));
    }
    if table.kind == SourceKind::Table {
        found.extend(unique_differences(&name, table, entity));
    }
    found
}

/// Returns the unique keys with a single column that exist only in the entity or only in the schema.
fn unique_differences(
    name: &str,
    table: &EntityTable<'_>,
    entity: &DeclaredEntity,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for field in &entity.fields {
        let is_unique = table.unique.contains(&BTreeSet::from([field.column.as_str()]));
        let object = || format!("unique key ({}) of {name}", field.column);
        match (is_unique, field.unique) {
            (true, false) => found.push(Difference::missing_entity(object(), "exists")),
            (false, true) if table.column(&field.column).is_some() => {
                found.push(Difference::missing_migration(object(), "exists"));
            }
            _ => {}
        }
    }
    found
}

/// Compares an entity of a view without settings, or of an object that no longer exists.
fn other_differences(
    schema: &DatabaseSchema,
    entity: &DeclaredEntity,
    types: TypeMap<'_>,
) -> Vec<Difference> {
    let name = readable(&entity.table);
    match schema.views.get(&entity.table) {
        Some(view) => {
            let columns = crate::schema::columns_of_view(view, types);
            fields::differences(&name, &columns, entity, types)
        }
        None => vec![Difference::missing_migration(format!("table {name}"), "exists")],
    }
}

fn list(names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    format!("({})", names.join(", "))
}
