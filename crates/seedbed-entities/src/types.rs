//! PostgreSQL's types in Rust.

use std::collections::BTreeMap;

/// A column's type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RustType {
    pub(crate) name: String,
    /// SeaORM's word for the column, where it would take another one for the Rust type.
    pub(crate) column_type: Option<String>,
}

impl RustType {
    /// Nothing if SeaORM has none, with the features that the workspace turns on. Enums by their
    /// names as SQL has them.
    pub(crate) fn of(data_type: &str, enums: &BTreeMap<String, String>) -> Option<Self> {
        if let Some(name) = enums.get(data_type) {
            return Some(Self { name: name.clone(), column_type: None });
        }
        let (plain, length) = match data_type.strip_suffix(')').and_then(|t| t.split_once('(')) {
            Some((plain, length)) => (plain, Some(length)),
            None => (data_type, None),
        };
        let (name, column_type) = match (plain, length) {
            ("uuid", None) => ("Uuid", None),
            ("character varying", None) => ("String", None),
            ("character varying", Some(n)) => {
                ("String", Some(format!("String(StringLen::N({n}))")))
            }
            ("character", Some(n)) => ("String", Some(format!("Char(Some({n}))"))),
            ("text", None) => ("String", Some("Text".to_owned())),
            ("boolean", None) => ("bool", None),
            ("smallint", None) => ("i16", None),
            ("integer", None) => ("i32", None),
            ("bigint", None) => ("i64", None),
            ("real", None) => ("f32", None),
            ("double precision", None) => ("f64", None),
            ("timestamp with time zone", None) => ("DateTimeWithTimeZone", None),
            ("timestamp without time zone", None) => ("DateTime", None),
            ("date", None) => ("Date", None),
            ("time without time zone", None) => ("Time", None),
            ("json", None) => ("Json", Some("Json".to_owned())),
            ("jsonb", None) => ("Json", Some("JsonBinary".to_owned())),
            ("bytea", None) => ("Vec<u8>", None),
            _ => return None,
        };
        Some(Self { name: name.to_owned(), column_type })
    }

    /// Whether two values are always equal or not; a floating-point number may be neither.
    pub(crate) fn is_eq(&self) -> bool {
        !matches!(self.name.as_str(), "f32" | "f64")
    }
}
