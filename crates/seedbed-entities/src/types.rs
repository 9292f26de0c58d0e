//! The Rust types of PostgreSQL types.

use std::collections::BTreeMap;

use seedbed_config::EntityFieldType;
use seedbed_schema::model::{BaseType, DataType, Domain, QualifiedName, TypeModifier};
use seedbed_sql::quote_ident_if_needed;

use crate::names::schema_unless_public;
use crate::schema::EntityEnum;

/// The types of a schema, and the types that a project has chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TypeMap<'s> {
    pub(crate) enums: &'s BTreeMap<&'s QualifiedName, EntityEnum<'s>>,
    pub(crate) domains: &'s BTreeMap<QualifiedName, Domain>,
    /// The types of fields by the SQL type of their column.
    pub(crate) chosen: &'s BTreeMap<String, EntityFieldType>,
}

/// The Rust type of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RustType {
    pub(crate) name: String,
    /// SeaORM's column type, if it differs from the default for the Rust type.
    pub(crate) column_type: Option<String>,
    /// The SQL types that the column is cast to when it is read and when it is written, if the driver does not support
    /// the column's type. SeaORM adds these casts itself for an enum without a `column_type`.
    pub(crate) casts: Option<(String, String)>,
    /// Whether the type is known to implement `Eq`.
    pub(crate) is_eq: bool,
    /// Whether the type is an array.
    pub(crate) is_list: bool,
}

impl RustType {
    fn new(name: &str, column_type: Option<String>) -> Self {
        let is_eq = !matches!(name, "f32" | "f64");
        Self { name: name.to_owned(), column_type, casts: None, is_eq, is_list: false }
    }

    /// Returns the type of a field that holds the value as text. As in a file of `pg_dump`, no value is lost or
    /// changed.
    pub(crate) fn text(data_type: &DataType) -> Self {
        let sql = sql(data_type);
        // A cast to `bit(3)` would silently truncate or pad a value of another length.
        let written = match (&data_type.base, data_type.is_array) {
            (BaseType::Builtin(bit), false) if bit == "bit" || bit == "bit varying" => {
                "bit varying"
            }
            (BaseType::Builtin(bit), true) if bit == "bit" || bit == "bit varying" => {
                "bit varying[]"
            }
            _ => sql.as_str(),
        };
        Self {
            casts: Some(("text".to_owned(), written.to_owned())),
            ..Self::new("String", custom(&sql))
        }
    }

    /// Returns the type of a column.
    pub(crate) fn from_column(
        data_type: &DataType,
        chosen: Option<&EntityFieldType>,
        types: TypeMap<'_>,
    ) -> Self {
        match chosen {
            Some(chosen) => Self::chosen(data_type, chosen, types),
            None => Self::new_for(data_type, types),
        }
    }

    /// Returns the type that a project has chosen for a column.
    fn chosen(data_type: &DataType, chosen: &EntityFieldType, types: TypeMap<'_>) -> Self {
        match chosen {
            EntityFieldType::Text => Self::text(data_type),
            EntityFieldType::Rust(name) => {
                let driver = Self::from_driver_support(data_type, types);
                let is_same = driver.name == *name;
                Self {
                    name: name.clone(),
                    column_type: if is_same { driver.column_type } else { custom(&sql(data_type)) },
                    casts: driver.casts,
                    is_eq: is_same && driver.is_eq,
                    is_list: is_same && driver.is_list,
                }
            }
        }
    }

    /// Returns whether the type is the given enum, or an array of it.
    pub(crate) fn mentions(&self, type_name: &str) -> bool {
        self.name == type_name || self.name == format!("Vec<{type_name}>")
    }

    /// Returns the type that a project has chosen for the SQL type, or the default.
    fn new_for(data_type: &DataType, types: TypeMap<'_>) -> Self {
        if !data_type.is_array {
            let chosen = type_names(&data_type.base).find_map(|name| types.chosen.get(&name));
            if let Some(chosen) = chosen {
                return Self::chosen(data_type, chosen, types);
            }
            // The driver reads `24:00` as `00:00`.
            if data_type.is_builtin("time without time zone") {
                return Self::text(data_type);
            }
        }
        Self::from_driver_support(data_type, types)
    }

    /// Returns the type that the driver reads. A type that the driver does not support is text.
    pub(crate) fn from_driver_support(data_type: &DataType, types: TypeMap<'_>) -> Self {
        if data_type.is_array {
            return Self::array(data_type, types);
        }
        match &data_type.base {
            BaseType::Domain(name) => match types.domains.get(name) {
                Some(domain) => {
                    let base = Self::new_for(&domain.data_type, types);
                    let sql = sql(data_type);
                    let casts = base.casts.map(|(read, _)| (read, sql.clone()));
                    Self { column_type: custom(&sql), casts, ..base }
                }
                None => Self::text(data_type),
            },
            BaseType::Enum(name) => match types.enums.get(name) {
                Some(entity_enum) => Self::from_enum(data_type, name, entity_enum),
                None => Self::text(data_type),
            },
            BaseType::Builtin(name) => {
                Self::builtin(name, data_type).unwrap_or_else(|| Self::text(data_type))
            }
            _ => Self::text(data_type),
        }
    }

    fn from_enum(data_type: &DataType, name: &QualifiedName, entity_enum: &EntityEnum<'_>) -> Self {
        let sql = sql(data_type);
        // SeaORM writes the name without quotes in one place, and with quotes in another.
        let is_simple =
            schema_unless_public(name).is_none() && quote_ident_if_needed(&name.name) == name.name;
        let column_type = if is_simple && !entity_enum.has_other { None } else { custom(&sql) };
        let casts = Some(("text".to_owned(), sql));
        Self { casts, ..Self::new(&entity_enum.type_name, column_type) }
    }

    /// Returns the Rust type of a built-in type of PostgreSQL, if the driver supports it.
    fn builtin(name: &str, data_type: &DataType) -> Option<Self> {
        let modifier = data_type.modifier.as_ref();
        let known = |name: &str, column_type: Option<&str>| {
            Some(Self::new(name, column_type.map(str::to_owned)))
        };
        // SeaORM cannot express the precision of these types, so the column type is SQL.
        let with_precision = |rust: &str| {
            Some(Self::new(rust, modifier.and_then(|_| custom(&data_type.to_string()))))
        };
        match (name, modifier) {
            ("uuid", _) => known("Uuid", None),
            ("character varying", None) => known("String", None),
            ("character varying", Some(TypeModifier::Length(length))) => {
                known("String", Some(&format!("String(StringLen::N({length}))")))
            }
            ("character", Some(TypeModifier::Length(length))) => {
                known("String", Some(&format!("Char(Some({length}))")))
            }
            ("text", _) => known("String", Some("Text")),
            ("boolean", _) => known("bool", None),
            ("smallint", _) => known("i16", None),
            ("integer", _) => known("i32", None),
            ("bigint", _) => known("i64", None),
            ("real", _) => known("f32", None),
            ("double precision", _) => known("f64", None),
            ("numeric", None) => known("Decimal", Some("Decimal(None)")),
            ("numeric", Some(TypeModifier::Digits { precision, scale })) if *scale >= 0 => {
                known("Decimal", Some(&format!("Decimal(Some(({precision}, {scale})))")))
            }
            ("numeric", _) => with_precision("Decimal"),
            ("json", _) => known("Json", Some("Json")),
            ("jsonb", _) => known("Json", Some("JsonBinary")),
            ("bytea", _) => known("Vec<u8>", None),
            ("date", _) => known("Date", None),
            ("inet", _) => known("IpNetwork", None),
            ("cidr", _) => known("IpNetwork", Some("Cidr")),
            ("money", _) => Some(Self {
                casts: Some(("numeric".to_owned(), "money".to_owned())),
                ..Self::new("Decimal", Some("Money(None)".to_owned()))
            }),
            ("timestamp with time zone", _) => with_precision("DateTimeWithTimeZone"),
            ("timestamp without time zone", _) => with_precision("DateTime"),
            ("time without time zone", _) => with_precision("Time"),
            _ => None,
        }
    }

    fn array(data_type: &DataType, types: TypeMap<'_>) -> Self {
        let element = data_type.element();
        let element_type = Self::new_for(&element, types);
        if element_type.is_list {
            // The driver cannot read an array of a domain over an array.
            return Self::text(data_type);
        }
        let casts = match (element_type.casts, &element.base) {
            // The server reports a domain to the driver as its base type, but it does not do so for an array of a
            // domain.
            (None, BaseType::Domain(name)) => {
                let base = types.domains.get(name).map(|domain| &domain.data_type);
                base.map(|base| (sql(&below_domains(base, types)), sql(&element)))
            }
            (casts, _) => casts,
        };
        let is_enum =
            element_type.column_type.is_none() && matches!(element.base, BaseType::Enum(_));
        Self {
            name: format!("Vec<{}>", element_type.name),
            column_type: if is_enum { None } else { custom(&sql(data_type)) },
            casts: casts.map(|(read, written)| (format!("{read}[]"), format!("{written}[]"))),
            is_eq: element_type.is_eq,
            is_list: true,
        }
    }
}

/// Returns the type without the domains around it.
fn below_domains(data_type: &DataType, types: TypeMap<'_>) -> DataType {
    let mut inner = data_type;
    while let (BaseType::Domain(name), false) = (&inner.base, inner.is_array) {
        let Some(domain) = types.domains.get(name) else { break };
        inner = &domain.data_type;
    }
    inner.clone()
}

/// Returns the type without the domains and arrays around it.
pub(crate) fn innermost(data_type: &DataType, types: TypeMap<'_>) -> DataType {
    let mut innermost = data_type.element();
    while let BaseType::Domain(name) = &innermost.base {
        let Some(domain) = types.domains.get(name) else { break };
        innermost = domain.data_type.element();
    }
    innermost
}

/// Returns the names by which the settings may refer to a type.
pub(crate) fn type_names(base: &BaseType) -> impl Iterator<Item = String> {
    let short = match base {
        BaseType::Builtin(name) => SHORT_NAMES.iter().find(|(long, _)| long == name),
        _ => None,
    };
    let own = match base.name() {
        Some(name) => crate::names::readable(name),
        None => base.to_string(),
    };
    short.map(|(_, short)| (*short).to_owned()).into_iter().chain([own])
}

/// The built-in types with a common short name, which the settings know by both names.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("bit varying", "varbit"),
    ("boolean", "bool"),
    ("character varying", "varchar"),
    ("character", "char"),
    ("time with time zone", "timetz"),
    ("time without time zone", "time"),
    ("timestamp with time zone", "timestamptz"),
    ("timestamp without time zone", "timestamp"),
];

/// The other built-in types for which a project may choose a type. The settings know each of them by this name only.
const OTHER_NAMES: &[&str] = &[
    "bigint",
    "bytea",
    "cidr",
    "date",
    "double precision",
    "inet",
    "integer",
    "interval",
    "json",
    "jsonb",
    "money",
    "numeric",
    "real",
    "smallint",
    "text",
    "uuid",
    "xml",
];

/// Returns whether a project may choose a type for the built-in type with this name, even if no column has this type.
pub(crate) fn is_builtin_name(name: &str) -> bool {
    OTHER_NAMES.contains(&name)
        || SHORT_NAMES.iter().any(|(long, short)| *long == name || *short == name)
}

/// Returns SeaORM's column type for a type that it does not know.
fn custom(sql: &str) -> Option<String> {
    Some(format!("custom({sql:?})"))
}

/// Returns the SQL of a type, without the schema `public`.
pub(crate) fn sql(data_type: &DataType) -> String {
    match data_type.base.name() {
        Some(name) if schema_unless_public(name).is_none() => {
            let base = BaseType::Builtin(quote_ident_if_needed(&name.name));
            DataType { base, ..data_type.clone() }.to_string()
        }
        _ => data_type.to_string(),
    }
}
