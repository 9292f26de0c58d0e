//! A cell as a value of Rust, and as an expression of SQL.

use crate::present::Column;
use crate::rust::string;

/// The types that Rust and PostgreSQL share. All others are texts that the database casts.
fn shared(sql: &str) -> Option<&'static str> {
    Some(match sql {
        "smallint" => "i16",
        "integer" => "i32",
        "bigint" => "i64",
        "boolean" => "bool",
        _ => return None,
    })
}

fn is_text(sql: &str) -> bool {
    sql == "text" || sql.starts_with("character varying")
}

pub(super) fn rust_type(column: &Column) -> String {
    let one = shared(&column.sql_type).unwrap_or("&'static str");
    if column.not_null { one.to_owned() } else { format!("Option<{one}>") }
}

/// The cell as Rust; `None` if it is no value of that column.
pub(super) fn rust_value(column: &Column, cell: Option<&str>) -> Option<String> {
    let Some(text) = cell else {
        return (!column.not_null).then(|| "None".to_owned());
    };
    let value = match shared(&column.sql_type) {
        Some("bool") => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "1" => "true".to_owned(),
            "false" | "f" | "no" | "0" => "false".to_owned(),
            _ => return None,
        },
        Some("i16") => text.trim().parse::<i16>().ok()?.to_string(),
        Some("i32") => text.trim().parse::<i32>().ok()?.to_string(),
        Some(_) => text.trim().parse::<i64>().ok()?.to_string(),
        None if column.sql_type == "uuid" => {
            uuid::Uuid::parse_str(text).ok().map(|id| string(&id.to_string()))?
        }
        None if column.sql_type.starts_with("json") => {
            serde_json::from_str::<serde_json::Value>(text).ok().map(|_| string(text))?
        }
        None if text.contains('\n') => format!("{text:?}"),
        None => string(text),
    };
    Some(if column.not_null { value } else { format!("Some({value})") })
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
pub(super) fn value_expression(column: &Column) -> String {
    let field = format!("Expr::val(row.{})", field_name(&column.name));
    if shared(&column.sql_type).is_some() || is_text(&column.sql_type) {
        field
    } else {
        format!("{field}.cast_as({})", string(&column.sql_type))
    }
}

pub(super) fn is_plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        && !name.contains("__")
        && !matches!(name, "self" | "super" | "crate")
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

pub(super) fn field_name(column: &str) -> String {
    if KEYWORDS.contains(&column) { format!("r#{column}") } else { column.to_owned() }
}
