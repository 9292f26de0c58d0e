//! Compares the Rust types of fields with their columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sea_orm::Value;
use sea_orm::sea_query::{ArrayType, TableRef};

use super::difference::{Difference, display_name};
use crate::entity_schema::{EntityColumn, EntitySchema};
use crate::names::plain;
use crate::types::{RustType, UserTypes};

/// A column of a compiled entity: its table, its name, the SQL that reads it, the type of its
/// field, and whether the field accepts a value. The generated `mod.rs` has a type with the same
/// name.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);

/// The type of a field, as far as SeaORM exposes it.
#[derive(PartialEq, Eq)]
struct RustFieldType {
    of: ArrayType,
    is_list: bool,
    nullable: bool,
}

impl fmt::Display for RustFieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = rust_names(&self.of).first().map_or_else(
            // The name of the variant.
            || format!("{:?}", self.of),
            |name| (*name).to_owned(),
        );
        if self.is_list {
            name = format!("Vec<{name}>");
        }
        if self.nullable {
            name = format!("Option<{name}>");
        }
        write!(f, "{name}")
    }
}

/// Returns the Rust types with that kind of value. Messages use the first one.
fn rust_names(of: &ArrayType) -> &'static [&'static str] {
    match of {
        ArrayType::Bool => &["bool"],
        ArrayType::SmallInt => &["i16"],
        ArrayType::Int => &["i32"],
        ArrayType::BigInt => &["i64"],
        ArrayType::Float => &["f32"],
        ArrayType::Double => &["f64"],
        ArrayType::String => &["String"],
        ArrayType::Bytes => &["Vec<u8>"],
        ArrayType::Json => &["Json"],
        ArrayType::ChronoDate => &["Date"],
        ArrayType::ChronoTime => &["Time"],
        ArrayType::ChronoDateTime => &["DateTime"],
        ArrayType::ChronoDateTimeWithTimeZone => &["DateTimeWithTimeZone"],
        ArrayType::ChronoDateTimeUtc => &["DateTimeUtc", "DateTimeWithTimeZone"],
        ArrayType::ChronoDateTimeLocal => &["DateTimeLocal", "DateTimeWithTimeZone"],
        ArrayType::Uuid => &["Uuid"],
        ArrayType::Decimal => &["Decimal"],
        ArrayType::IpNetwork => &["IpNetwork"],
        _ => &[],
    }
}

/// Returns the null of a type.
fn null_value(of: &ArrayType, is_list: bool) -> Option<Value> {
    if is_list {
        return Some(Value::Array(of.clone(), None));
    }
    Some(match of {
        ArrayType::Bool => Value::Bool(None),
        ArrayType::SmallInt => Value::SmallInt(None),
        ArrayType::Int => Value::Int(None),
        ArrayType::BigInt => Value::BigInt(None),
        ArrayType::Float => Value::Float(None),
        ArrayType::Double => Value::Double(None),
        ArrayType::String => Value::String(None),
        ArrayType::Bytes => Value::Bytes(None),
        ArrayType::Json => Value::Json(None),
        ArrayType::ChronoDate => Value::ChronoDate(None),
        ArrayType::ChronoTime => Value::ChronoTime(None),
        ArrayType::ChronoDateTime => Value::ChronoDateTime(None),
        ArrayType::ChronoDateTimeWithTimeZone => Value::ChronoDateTimeWithTimeZone(None),
        ArrayType::ChronoDateTimeUtc => Value::ChronoDateTimeUtc(None),
        ArrayType::ChronoDateTimeLocal => Value::ChronoDateTimeLocal(None),
        ArrayType::Uuid => Value::Uuid(None),
        ArrayType::Decimal => Value::Decimal(None),
        ArrayType::IpNetwork => Value::IpNetwork(None),
        _ => return None,
    })
}

/// Returns the fields whose type cannot hold the values of their column, or its NULLs. A field with
/// a cast is compared with the type of the cast. Types that generated entities do not use, such as
/// those of other libraries, are not checked.
pub(crate) fn differences(wanted: &EntitySchema, fields: &[Field]) -> Vec<Difference> {
    let tables: BTreeMap<Vec<String>, &String> =
        wanted.tables.keys().map(|name| (crate::names::parts(name), name)).collect();
    let mut found = Vec::new();
    for (table, column, read, of, takes) in fields {
        let table = super::table_parts(table).and_then(|name| tables.get(&name));
        let Some(name) = table else { continue };
        let columns = wanted.tables.get(*name).into_iter().flat_map(|table| &table.columns);
        let Some(entity_column) = columns.into_iter().find(|known| plain(&known.name) == *column)
        else {
            continue;
        };
        let expected = expected(wanted, entity_column, read);
        let is_list = takes(Value::Array(of.clone(), Some(Box::default())));
        let Some(null) = null_value(of, is_list) else { continue };
        let field = RustFieldType { of: of.clone(), is_list, nullable: takes(null) };
        let is_read = rust_names(of).iter().any(|name| {
            let name = if is_list { format!("Vec<{name}>") } else { (*name).to_owned() };
            expected.contains(&name)
        });
        // An optional field can read a column that is NOT NULL. The comparison of the declarations
        // reports it.
        if expected.is_empty() || is_read && (field.nullable || !entity_column.nullable) {
            continue;
        }
        let wanted = expected.iter().next_back().cloned().unwrap_or_default();
        let wanted = if entity_column.nullable { format!("Option<{wanted}>") } else { wanted };
        found.push(Difference {
            what: format!("{}.{} in Rust", display_name(name), entity_column.name),
            migrations: Some(wanted),
            entity: Some(field.to_string()),
        });
    }
    found
}

/// Returns the Rust types that can read a column, or none if they are not known.
fn expected(wanted: &EntitySchema, column: &EntityColumn, read: &str) -> BTreeSet<String> {
    // An enum is read as the text of its labels, and so is a user's own type for it.
    let enums: BTreeMap<String, String> =
        wanted.enums.keys().map(|name| (name.clone(), "String".to_owned())).collect();
    let types = UserTypes { enums: &enums, domains: &wanted.domains };
    let own = RustType::from_sql(&column.data_type, types);
    let cast = read.strip_prefix("SELECT CAST(").and_then(|read| read.rsplit_once(" AS "));
    let Some((_, cast)) = cast else {
        // Without a cast the driver cannot read the column into a generated type, but the user may
        // have a type that can.
        let is_text =
            own.casts.is_some() && !enums.contains_key(wanted.innermost(&column.data_type));
        return if is_text { BTreeSet::new() } else { BTreeSet::from([own.name]) };
    };
    let cast = cast.strip_suffix(')').unwrap_or(cast).replace('"', "").to_lowercase();
    let read = RustType::from_sql(&cast, types);
    match read.casts {
        None => BTreeSet::from([read.name]),
        Some(_) => BTreeSet::new(),
    }
}
