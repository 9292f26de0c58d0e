//! A cell as a value of Rust, and as an expression of SQL.

use heck::ToSnakeCase as _;

use crate::present::Column;
use crate::rust::{data, string};

/// The types that Rust and PostgreSQL share. All others are texts that the database casts.
pub(super) fn shared(sql: &str) -> Option<&'static str> {
    Some(match sql {
        "smallint" => "i16",
        "integer" => "i32",
        "bigint" => "i64",
        "boolean" => "bool",
        _ => return None,
    })
}

/// Whether a text can be inserted as it is. A cast to `character(2)` would cut it.
pub(super) fn is_text(sql: &str) -> bool {
    (sql == "text" || sql.starts_with("character")) && !sql.ends_with("[]")
}

pub(super) fn rust_type(column: &Column) -> String {
    let one = shared(&column.sql_type).unwrap_or("&'static str");
    if column.not_null { one.to_owned() } else { format!("Option<{one}>") }
}

/// The text as Rust; `None` if it is no value of that type.
pub(super) fn rust_value(sql_type: &str, text: &str) -> Option<String> {
    Some(match shared(sql_type) {
        Some("bool") => match text.trim().to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => "true".to_owned(),
            "false" | "f" | "no" | "n" | "off" | "0" => "false".to_owned(),
            _ => return None,
        },
        Some("i16") => text.trim().parse::<i16>().ok()?.to_string(),
        Some("i32") => text.trim().parse::<i32>().ok()?.to_string(),
        Some(_) => text.trim().parse::<i64>().ok()?.to_string(),
        None if sql_type == "uuid" => {
            uuid::Uuid::parse_str(text.trim()).ok().map(|id| string(&id.to_string()))?
        }
        None => data(text),
    })
}

/// Nothing, to be filled in.
pub(super) fn empty(column: &Column) -> &'static str {
    match shared(&column.sql_type) {
        _ if !column.not_null => "None",
        Some("bool") => "false",
        Some(_) => "0",
        None => "\"\"",
    }
}

/// What is inserted: the value, cast by the database where it is a text and the column is not.
pub(super) fn value_expression(column: &Column, field: &str) -> String {
    let field = format!("Expr::val(row.{field})");
    if shared(&column.sql_type).is_some() || is_text(&column.sql_type) {
        field
    } else {
        format!("{field}.cast_as({})", string(&column.sql_type))
    }
}

/// What a good value of that type looks like.
pub(super) fn example(sql_type: &str) -> Option<&'static str> {
    if sql_type.ends_with("[]") {
        return Some(r#"a list is {a,b} in a .csv, and ["a", "b"] in a .json"#);
    }
    let base = sql_type.split('(').next().unwrap_or_default().trim();
    Some(match base {
        "boolean" => "true or false",
        "smallint" => "a whole number from -32768 to 32767",
        "integer" => "a whole number from -2147483648 to 2147483647",
        "bigint" => "a whole number of at most 18 digits",
        "numeric" | "real" | "double precision" => "a number with a point, such as 1234.50",
        "date" => "a day is written 2025-03-31",
        "time" | "time without time zone" | "time with time zone" => "a time is written 09:30:00",
        "timestamp without time zone" => "a time is written 2025-03-31 09:30:00",
        "timestamp with time zone" => "a time is written 2025-03-31T09:30:00Z",
        "interval" => "an interval is written 1 day 02:30",
        "uuid" => "such as 0a7fe055-f58e-5e61-81de-1ce58604f6cd",
        "json" | "jsonb" => {
            r#"JSON in a .csv: {""a"": 1} in quotation marks, and a text is """a""""#
        }
        "bytea" => r"bytes are written \x0123ff",
        _ if base.starts_with("timestamp") => "a time is written 2025-03-31T09:30:00Z",
        _ => return None,
    })
}

/// The names of the fields for columns: `column_2` for one that Rust cannot name after it.
pub(super) fn field_names<'c>(columns: impl Iterator<Item = &'c str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, column) in columns.enumerate() {
        let is_free = |name: &String| !names.contains(name);
        let own = Some(column.to_snake_case()).filter(|name| is_plain_name(name)).filter(is_free);
        let numbered = (place + 1..).map(|number| format!("column_{number}"));
        names.extend(own.or_else(|| numbered.into_iter().find(is_free)));
    }
    let raw = |name: String| {
        if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }
    };
    names.into_iter().map(raw).collect()
}

fn is_plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        && !matches!(name, "id" | "self" | "super" | "crate")
}

/// What Rust reserves, so that a field of that name is written `r#type`.
///
/// <https://doc.rust-lang.org/reference/keywords.html>
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
