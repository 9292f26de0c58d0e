//! Conversion of cells to Rust values and SQL expressions.

use heck::ToSnakeCase as _;

use seedbed_entities::is_keyword;
use seedbed_schema::model::{BaseType, Column, DataType};

use super::plan::SeedPlan;
use crate::rust_source::{data_string, string};

/// Returns the Rust type for an SQL type, if they correspond. All other values are text that the
/// database casts.
pub(super) fn native_rust_type(data_type: &DataType) -> Option<&'static str> {
    let DataType { base: BaseType::Builtin(name), is_array: false, .. } = data_type else {
        return None;
    };
    Some(match name.as_str() {
        "smallint" => "i16",
        "integer" => "i32",
        "bigint" => "i64",
        "boolean" => "bool",
        _ => return None,
    })
}

/// Returns whether text is inserted without a cast. A cast to `character(2)` would silently truncate it.
pub(super) fn is_text(data_type: &DataType) -> bool {
    ["text", "character varying", "character"].iter().any(|name| data_type.is_builtin(name))
}

pub(super) fn rust_type(column: &Column) -> String {
    let one = native_rust_type(&column.data_type).unwrap_or("&'static str");
    if column.not_null.is_some() { one.to_owned() } else { format!("Option<{one}>") }
}

/// Returns the text as a Rust literal, or `None` if it is not a value of the given type.
pub(super) fn rust_value(data_type: &DataType, text: &str) -> Option<String> {
    Some(match native_rust_type(data_type) {
        Some("bool") => match text.trim().to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => "true".to_owned(),
            "false" | "f" | "no" | "n" | "off" | "0" => "false".to_owned(),
            _ => return None,
        },
        Some("i16") => text.trim().parse::<i16>().ok()?.to_string(),
        Some("i32") => text.trim().parse::<i32>().ok()?.to_string(),
        Some(_) => text.trim().parse::<i64>().ok()?.to_string(),
        None if data_type.is_builtin("uuid") => {
            uuid::Uuid::parse_str(text.trim()).ok().map(|id| string(&id.to_string()))?
        }
        None => data_string(text),
    })
}

/// Returns a placeholder that the user fills in.
pub(super) fn placeholder(column: &Column) -> &'static str {
    match native_rust_type(&column.data_type) {
        _ if column.not_null.is_none() => "None",
        Some("bool") => "false",
        Some(_) => "0",
        None => "\"\"",
    }
}

/// Returns the expression that is inserted: the value, with a cast unless the types correspond.
pub(super) fn value_expression(plan: &SeedPlan<'_>, column: &Column, field: &str) -> String {
    let field = format!("Expr::val(row.{field})");
    if native_rust_type(&column.data_type).is_some() || is_text(&column.data_type) {
        field
    } else {
        format!("{field}.cast_as({})", string(&plan.schema.type_sql(&column.data_type)))
    }
}

/// Returns a hint that shows a valid value of the given type.
pub(super) fn example(data_type: &DataType) -> Option<&'static str> {
    if data_type.is_array {
        return Some(
            r#"write a list as `{a,b}` in a `.csv` file, and as `["a", "b"]` in a `.json` file"#,
        );
    }
    let BaseType::Builtin(base) = &data_type.base else { return None };
    Some(match base.as_str() {
        "boolean" => "write `true` or `false`",
        "smallint" => "write a whole number from -32768 to 32767",
        "integer" => "write a whole number from -2147483648 to 2147483647",
        "bigint" => "write a whole number of at most 18 digits",
        "numeric" | "real" | "double precision" => "write a number with a point, such as `1234.50`",
        "date" => "write a day as `2025-03-31`",
        "time without time zone" | "time with time zone" => "write a time as `09:30:00`",
        "timestamp without time zone" => "write a time as `2025-03-31 09:30:00`",
        "timestamp with time zone" => "write a time as `2025-03-31T09:30:00Z`",
        "interval" => "write an interval as `1 day 02:30`",
        "uuid" => "write a UUID, such as `0a7fe055-f58e-5e61-81de-1ce58604f6cd`",
        "json" | "jsonb" => {
            r#"write JSON in a `.csv` file in quotation marks, such as `"{""a"": 1}"`, and a string as `"""a"""`"#
        }
        "bytea" => r"write bytes as `\x0123ff`",
        _ => return None,
    })
}

/// Returns the names of the fields for columns. A column whose name Rust cannot use gets a number,
/// as in `column_2`.
pub(super) fn field_names<'c>(columns: impl Iterator<Item = &'c str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, column) in columns.enumerate() {
        let is_free = |name: &String| !names.contains(name);
        let own = Some(column.to_snake_case()).filter(|name| is_plain_name(name)).filter(is_free);
        let numbered = (place + 1..).map(|number| format!("column_{number}"));
        names.extend(own.or_else(|| numbered.into_iter().find(is_free)));
    }
    // A keyword is a raw identifier, such as `r#type`.
    let raw = |name: String| {
        if is_keyword(&name) { format!("r#{name}") } else { name }
    };
    names.into_iter().map(raw).collect()
}

fn is_plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        && !matches!(name, "id" | "self" | "super" | "crate")
}
