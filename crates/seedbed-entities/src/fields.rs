//! What is in the fields of entities, beside what comes from the columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sea_orm::Value;
use sea_orm::sea_query::{ArrayType, TableRef};

use crate::difference::{Difference, shown};
use crate::names::plain;
use crate::shape::{ColumnShape, Shape};
use crate::types::{RustType, Types};

/// A column of a compiled entity: its table and name, the SQL that reads it, what its field is, and whether that
/// takes a value. The type of the same name in the `mod.rs` that is written here.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);

/// What a field can hold, as far as SeaORM tells it.
#[derive(PartialEq, Eq)]
struct Kind {
    of: ArrayType,
    is_list: bool,
    nullable: bool,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = rust_names(&self.of).first().map_or_else(
            // By the name of the variant.
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

/// The names of Rust types that are such a value; the first one is what it is called here.
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

/// A value that is none.
fn null(of: &ArrayType, is_list: bool) -> Option<Value> {
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

/// The fields that cannot hold what their columns have: the driver would refuse to read a row, or a NULL in it.
/// What a field is read as by a cast of its own is what counts then. A type that no entity is written with, such as
/// one of another library, is not told.
pub(crate) fn differences(wanted: &Shape, fields: &[Field]) -> Vec<Difference> {
    let tables: BTreeMap<Vec<String>, &String> =
        wanted.tables.keys().map(|name| (crate::names::parts(name), name)).collect();
    let mut found = Vec::new();
    for (table, column, read, of, takes) in fields {
        let table = crate::check::named(table).and_then(|name| tables.get(&name));
        let Some(name) = table else { continue };
        let columns = wanted.tables.get(*name).into_iter().flat_map(|table| &table.columns);
        let Some(shape) = columns.into_iter().find(|known| plain(&known.name) == *column) else {
            continue;
        };
        let expected = expected(wanted, shape, read);
        let is_list = takes(Value::Array(of.clone(), Some(Box::default())));
        let Some(null) = null(of, is_list) else { continue };
        let field = Kind { of: of.clone(), is_list, nullable: takes(null) };
        let is_read = rust_names(of).iter().any(|name| {
            let name = if is_list { format!("Vec<{name}>") } else { (*name).to_owned() };
            expected.contains(&name)
        });
        // A field that may be empty beside a column that may not reads it, and is told by its declaration.
        if expected.is_empty() || is_read && (field.nullable || !shape.nullable) {
            continue;
        }
        let wanted = expected.iter().next_back().cloned().unwrap_or_default();
        let wanted = if shape.nullable { format!("Option<{wanted}>") } else { wanted };
        found.push(Difference {
            what: format!("{}.{} in Rust", shown(name), shape.name),
            migrations: Some(wanted),
            entity: Some(field.to_string()),
        });
    }
    found
}

/// The types in Rust that a column is read as; none if it is not known which.
fn expected(wanted: &Shape, column: &ColumnShape, read: &str) -> BTreeSet<String> {
    // An enum is the text of its labels, and so is what somebody has made of it.
    let enums: BTreeMap<String, String> =
        wanted.enums.keys().map(|name| (name.clone(), "String".to_owned())).collect();
    let types = Types { enums: &enums, domains: &wanted.domains };
    let own = RustType::of(&column.data_type, types);
    let cast = read.strip_prefix("SELECT CAST(").and_then(|read| read.rsplit_once(" AS "));
    let Some((_, cast)) = cast else {
        // Without a cast the driver has no value for it; but somebody may know one that has.
        let is_text =
            own.casts.is_some() && !enums.contains_key(wanted.innermost(&column.data_type));
        return if is_text { BTreeSet::new() } else { BTreeSet::from([own.name]) };
    };
    let cast = cast.strip_suffix(')').unwrap_or(cast).replace('"', "").to_lowercase();
    let read = RustType::of(&cast, types);
    match read.casts {
        None => BTreeSet::from([read.name]),
        Some(_) => BTreeSet::new(),
    }
}
