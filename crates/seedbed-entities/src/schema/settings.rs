//! Finds and checks the settings of single objects.

use std::collections::BTreeMap;

use seedbed_config::{ColumnOptions, EntityFieldType, EntityOptions, TableOptions};
use seedbed_schema::model::{Column, DatabaseSchema, QualifiedName};

use crate::error::Error;
use crate::names::{is_identifier, is_module, is_type, readable};
use crate::types::type_names;

/// Returns the settings of an object.
pub(super) fn find<'o, T>(options: &'o BTreeMap<String, T>, name: &QualifiedName) -> Option<&'o T> {
    let qualified = format!("{}.{}", name.schema, name.name);
    options.get(&readable(name)).or_else(|| options.get(&qualified))
}

/// Fails if a setting is for an object that does not exist, or has a name that is not Rust.
pub(super) fn ensure_known(schema: &DatabaseSchema, options: &EntityOptions) -> Result<(), Error> {
    for (name, table) in &options.tables {
        let found = schema.tables.values().find(|table| is_named(&table.name, name));
        let found = found.ok_or_else(|| unknown("table", name))?;
        ensure_table(name, "table", table, &found.columns)?;
    }
    for (name, view) in &options.views {
        let found = schema.views.values().find(|view| is_named(&view.name, name));
        let found = found.ok_or_else(|| unknown("view", name))?;
        ensure_table(name, "view", &view.table, &found.columns)?;
        if view.key.is_empty() {
            return Err(Error::ViewWithoutKey(name.clone()));
        }
        for column in view.key.iter().chain(&view.required) {
            if !found.columns.iter().any(|known| known.name == *column) {
                return Err(unknown("column", &format!("{name}.{column}")));
            }
        }
    }
    for (name, enum_options) in &options.enums {
        if !schema.enums.keys().any(|known| is_named(known, name)) {
            return Err(unknown("enum", name));
        }
        if let Some(type_name) = &enum_options.name {
            let is_type = is_identifier(type_name) && !is_type(type_name);
            ensure(is_type, "enum", name, type_name, "the name of a type")?;
        }
    }
    for (name, field_type) in &options.types {
        ensure_type("type", name, field_type)?;
        if !has_type(schema, name) {
            return Err(unknown("type", name));
        }
    }
    for path in options.model_derives.iter().chain(&options.enum_derives) {
        let is_path = syn::parse_str::<syn::Path>(path).is_ok();
        ensure(is_path, "key", "derives", path, "the path of a derive macro")?;
    }
    Ok(())
}

fn ensure_table(
    name: &str,
    kind: &str,
    table: &TableOptions,
    columns: &[Column],
) -> Result<(), Error> {
    if let Some(module) = &table.name {
        ensure(is_module(module), kind, name, module, "the name of a module")?;
    }
    for (column, options) in &table.columns {
        let path = format!("{name}.{column}");
        if !columns.iter().any(|known| known.name == *column) {
            return Err(unknown("column", &path));
        }
        let ColumnOptions { name, field_type, .. } = options;
        if let Some(field) = name {
            ensure(is_identifier(field), "column", &path, field, "the name of a field")?;
        }
        if let Some(field_type) = field_type {
            ensure_type("column", &path, field_type)?;
        }
    }
    Ok(())
}

fn ensure_type(kind: &str, name: &str, field_type: &EntityFieldType) -> Result<(), Error> {
    match field_type {
        EntityFieldType::Text => Ok(()),
        EntityFieldType::Rust(text) => {
            let is_type = syn::parse_str::<syn::TypePath>(text).is_ok();
            ensure(is_type, kind, name, text, "a Rust type or `text`")
        }
    }
}

/// Fails unless the text is valid. `expected` describes a valid text, and `kind` and `name` are those of the object.
fn ensure(
    is_valid: bool,
    kind: &str,
    name: &str,
    text: &str,
    expected: &'static str,
) -> Result<(), Error> {
    if is_valid {
        return Ok(());
    }
    Err(Error::NotRust { object: format!("{kind} `{name}`"), text: text.to_owned(), expected })
}

fn unknown(kind: &str, name: &str) -> Error {
    Error::UnknownObject { object: format!("{kind} `{name}`") }
}

/// Returns whether the text is the name of the object. The schema `public` may be omitted.
fn is_named(name: &QualifiedName, text: &str) -> bool {
    readable(name) == text || format!("{}.{}", name.schema, name.name) == text
}

/// Returns whether a type of the database has the given name. A built-in type of PostgreSQL need not be in use.
fn has_type(schema: &DatabaseSchema, text: &str) -> bool {
    let columns = schema.tables.values().flat_map(|table| &table.columns);
    let columns = columns.chain(schema.views.values().flat_map(|view| &view.columns));
    let mut used = columns.map(|column| &column.data_type.base);
    used.any(|base| type_names(base).any(|name| name == text))
        || schema.domains.keys().chain(schema.enums.keys()).any(|name| is_named(name, text))
        || crate::types::is_builtin_name(text)
}
