//! Compares the fields of an entity with columns.

use std::collections::BTreeSet;

use seedbed_schema::model::BaseType;

use super::Difference;
use crate::declared::{DeclaredEntity, DeclaredField};
use crate::schema::EntityColumn;
use crate::types::{RustType, TypeMap};

/// The pairs of types that read the same values. The first type of a pair is the generated one.
const SAME: &[(&str, &str)] = &[
    ("DateTimeWithTimeZone", "DateTimeUtc"),
    ("DateTimeWithTimeZone", "DateTimeLocal"),
    ("DateTimeWithTimeZone", "ChronoDateTimeWithTimeZone"),
    ("DateTimeWithTimeZone", "ChronoDateTimeUtc"),
    ("DateTimeWithTimeZone", "ChronoDateTimeLocal"),
    ("DateTime", "ChronoDateTime"),
    ("Date", "ChronoDate"),
    ("Time", "ChronoTime"),
];

/// The types that the driver reads. Other types are defined by users, and are not compared.
const KNOWN: &[&str] = &[
    "bool",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "f32",
    "f64",
    "String",
    "Vec<u8>",
    "Json",
    "Date",
    "Time",
    "DateTime",
    "DateTimeWithTimeZone",
    "Uuid",
    "Decimal",
    "IpNetwork",
];

/// Returns the fields without a column, and the fields whose type cannot hold the values or the NULLs of their column.
pub(super) fn differences(
    table: &str,
    columns: &[EntityColumn<'_>],
    entity: &DeclaredEntity,
    types: TypeMap<'_>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for field in &entity.fields {
        let object = format!("{table}.{}", field.column);
        match columns.iter().find(|column| column.name == field.column) {
            None => found.push(Difference::missing_migration(object, &declared_type(field))),
            Some(column) if !fits(column, field, types) => found.push(Difference::new(
                object,
                Some(describe(column)),
                Some(declared_type(field)),
            )),
            Some(_) => {}
        }
    }
    found
}

/// Returns the type of a generated field.
pub(super) fn describe(column: &EntityColumn<'_>) -> String {
    let rust = &column.rust.name;
    if column.nullable { format!("Option<{rust}>") } else { rust.clone() }
}

fn declared_type(field: &DeclaredField) -> String {
    let rust = &field.rust_type;
    if field.nullable { format!("Option<{rust}>") } else { rust.clone() }
}

/// Returns whether a field can hold the values of its column. An optional field can hold the values of a NOT NULL
/// column, but counts as a difference.
fn fits(column: &EntityColumn<'_>, field: &DeclaredField, types: TypeMap<'_>) -> bool {
    if column.nullable != field.nullable && column.is_nullability_known {
        return false;
    }
    let declared = SAME
        .iter()
        .find(|(_, other)| *other == field.plain_type)
        .map_or(field.plain_type.as_str(), |(generated, _)| generated);
    if declared == column.rust.name {
        // Without a cast, the type can only be read if the driver supports it or if SeaORM adds the cast.
        return field.select_as.is_some() || column.rust.casts.is_none() || is_plain_enum(column);
    }
    let is_known = |known: &&str| declared == *known || declared == format!("Vec<{known}>");
    if !KNOWN.iter().any(is_known) {
        return true;
    }
    match &field.select_as {
        // The server converts the value to text, which is a `String`.
        Some(cast) if cast == "text" => declared == "String",
        Some(cast) if cast == "text[]" => declared == "Vec<String>",
        // The author of the entity knows which type the cast returns.
        Some(_) => true,
        None => driver_types(column, types).contains(declared),
    }
}

/// Returns the types that the driver reads from the column without a cast.
fn driver_types(column: &EntityColumn<'_>, types: TypeMap<'_>) -> BTreeSet<String> {
    let driver = RustType::from_driver_support(column.data_type, types);
    driver.casts.is_none().then_some(driver.name).into_iter().collect()
}

/// Returns whether SeaORM adds the casts of the column itself.
fn is_plain_enum(column: &EntityColumn<'_>) -> bool {
    column.rust.column_type.is_none() && matches!(column.innermost.base, BaseType::Enum(_))
}
