//! The types of columns, by the names that PostgreSQL and SeaORM give them.

mod known;

pub(crate) use known::SERIAL_TYPES;
use known::{CUSTOM_TYPES, INTERVAL_FIELDS, KNOWN_TYPES, KnownType};

use seedbed_schema::model::{DataType, TypeModifier};

use crate::rust_source::string;
use crate::visible_schema::VisibleSchema;

/// The type of a column, as the prelude, SeaORM and PostgreSQL write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldType {
    /// The column helper of the prelude. Each helper has a variant with the suffix `_null`.
    pub(crate) helper: &'static str,
    /// The arguments of the helper behind the name of the column.
    pub(crate) arguments: Vec<String>,
    /// The expression of SeaORM's `ColumnType`.
    pub(crate) column_type: String,
    /// The type as PostgreSQL's `format_type` writes it.
    pub(crate) sql: String,
    /// The class of the type's values.
    pub(crate) class: TypeClass,
}

/// The class of a type's values. The class determines how a default is written and which value is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeClass {
    Text,
    Integer,
    /// Numbers with a fraction.
    Number,
    Boolean,
    DateTime,
    Json,
    Uuid,
    Bytes,
    Array,
    /// An integer from a sequence.
    Serial,
    /// A type without an order, for which an index needs an explicit access method.
    Unordered,
    Other,
}

/// The types that always take arguments in parentheses.
pub(crate) const SYNTAX_TYPES: &[&str] = &["enum", "references", "array", "custom"];

/// Returns the type with the given name and arguments. Returns `None` if no type has the name, and an error if the
/// arguments are invalid for the type.
pub(crate) fn from_name(name: &str, arguments: &[String]) -> Option<Result<FieldType, String>> {
    let name = name.to_lowercase();
    if let Some((_, sql)) = SERIAL_TYPES.iter().find(|(counter, _)| *counter == name) {
        let field_type = ensure_no_arguments(&name, arguments).map(|()| {
            let plain = from_sql(sql);
            FieldType { class: TypeClass::Serial, ..plain }
        });
        return Some(field_type);
    }
    if let Some(known) = KNOWN_TYPES.iter().find(|known| known.names.contains(&name.as_str())) {
        return Some(with_arguments(known, arguments));
    }
    let (_, sql, class) = CUSTOM_TYPES.iter().find(|(names, ..)| names.contains(&name.as_str()))?;
    Some(match (*sql, arguments) {
        (_, []) => Ok(custom(sql, *class)),
        ("vector" | "bit varying", [_]) => {
            length(&name, arguments).map(|n| custom(&format!("{sql}({n})"), *class))
        }
        ("timestamp without time zone" | "time with time zone", [_]) => {
            numbers(&name, arguments, 1).map(|n| custom(&with_precision(sql, n[0]), *class))
        }
        _ => ensure_no_arguments(&name, arguments).map(|()| custom(sql, *class)),
    })
}

/// Returns the names of types that are most similar to an unknown name, the best one first.
pub(crate) fn nearest(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let names = KNOWN_TYPES.iter().flat_map(|known| known.names.iter().copied());
    let names = names.chain(CUSTOM_TYPES.iter().flat_map(|(names, ..)| names.iter().copied()));
    let names = names
        .chain(SERIAL_TYPES.iter().map(|(counter, _)| *counter))
        .chain(SYNTAX_TYPES.iter().copied());
    let mut scored: Vec<(f64, &str)> =
        names.map(|known| (strsim::jaro_winkler(&name, known), known)).collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    let near = scored.into_iter().filter(|(score, _)| *score > 0.75 && *score > best - 0.1);
    near.map(|(_, known)| known).take(3).collect()
}

fn with_arguments(known: &KnownType, arguments: &[String]) -> Result<FieldType, String> {
    let plain = plain(known);
    let name = known.names[0];
    let make = |helper, arguments: &[u32], column_type: String, sql: String| FieldType {
        helper,
        arguments: arguments.iter().map(u32::to_string).collect(),
        column_type: format!("ColumnType::{column_type}"),
        sql,
        class: known.class,
    };
    match (known.helper, arguments) {
        (_, []) => Ok(plain),
        ("string", [_]) => {
            let n = length(name, arguments)?;
            Ok(make(
                "string_len",
                &[n],
                format!("String(StringLen::N({n}))"),
                format!("character varying({n})"),
            ))
        }
        ("char", [_]) => {
            let n = length(name, arguments)?;
            Ok(make("char_len", &[n], format!("Char(Some({n}))"), format!("character({n})")))
        }
        ("decimal", [_] | [_, _]) => {
            let n = numbers(name, arguments, 2)?;
            let scale = n.get(1).copied().unwrap_or(0);
            let (precision, sql) = (n[0], format!("numeric({},{scale})", n[0]));
            if precision == 0 || precision > 1000 || scale > precision {
                return Err(format!(
                    "{name}({precision},{scale}) is not a valid precision and scale"
                ));
            }
            Ok(make(
                "decimal_len",
                &[precision, scale],
                format!("Decimal(Some(({precision}, {scale})))"),
                sql,
            ))
        }
        ("bit", [_]) => {
            let n = length(name, arguments)?;
            Ok(FieldType {
                arguments: vec![format!("Some({n})")],
                ..make("bit", &[], format!("Bit(Some({n}))"), format!("bit({n})"))
            })
        }
        // The length is ignored, because PostgreSQL's `bytea` has none.
        ("binary", [_]) => numbers(name, arguments, 1).map(|_| plain),
        ("timestamptz" | "time", [_]) => {
            let n = numbers(name, arguments, 1)?[0];
            Ok(custom(&with_precision(known.sql, n), known.class))
        }
        ("interval", [field]) => interval(&plain, field),
        _ => Err(ensure_no_arguments(name, arguments)
            .err()
            .unwrap_or_else(|| format!("{name} takes fewer arguments"))),
    }
}

fn interval(plain: &FieldType, field: &str) -> Result<FieldType, String> {
    if let Ok(precision @ 0..=6) = field.parse::<u8>() {
        return Ok(FieldType {
            arguments: vec!["None".to_owned(), format!("Some({precision})")],
            column_type: format!("ColumnType::Interval(None, Some({precision}))"),
            sql: format!("interval({precision})"),
            ..plain.clone()
        });
    }
    if !INTERVAL_FIELDS.contains(&field) {
        return Err(format!(
            "interval takes a precision of 0 to 6, or one of {}",
            INTERVAL_FIELDS.join(", ")
        ));
    }
    let variant = heck::ToUpperCamelCase::to_upper_camel_case(field);
    let fields = format!("Some(sea_query::PgInterval::{variant})");
    Ok(FieldType {
        column_type: format!("ColumnType::Interval({fields}, None)"),
        arguments: vec![fields, "None".to_owned()],
        sql: format!("interval {}", field.replace('_', " ")),
        ..plain.clone()
    })
}

fn plain(known: &KnownType) -> FieldType {
    let arguments = match known.helper {
        "interval" => vec!["None".to_owned(), "None".to_owned()],
        "bit" => vec!["None".to_owned()],
        _ => Vec::new(),
    };
    FieldType {
        helper: known.helper,
        arguments,
        column_type: format!("ColumnType::{}", known.variant),
        sql: known.sql.to_owned(),
        class: known.class,
    }
}

/// Returns a type by its name in PostgreSQL.
pub(crate) fn custom(sql: &str, class: TypeClass) -> FieldType {
    FieldType {
        helper: "custom",
        arguments: vec![string(sql)],
        column_type: format!("ColumnType::custom({})", string(sql)),
        sql: sql.to_owned(),
        class,
    }
}

/// Returns the array of a type.
pub(crate) fn array(element: &FieldType) -> FieldType {
    FieldType {
        helper: "array",
        arguments: vec![element.column_type.clone()],
        column_type: format!("ColumnType::Array({}.into())", element.column_type),
        sql: format!("{}[]", element.sql),
        class: TypeClass::Array,
    }
}

/// Returns the type that PostgreSQL's `format_type` describes as `sql`.
pub(crate) fn from_sql(sql: &str) -> FieldType {
    if let Some(element) = sql.strip_suffix("[]") {
        return array(&from_sql(element));
    }
    let (base, arguments) = match sql.split_once('(') {
        Some((base, rest)) if rest.ends_with(')') => {
            let arguments = rest.trim_end_matches(')').split(',');
            (base, arguments.map(|one| one.trim().to_owned()).collect())
        }
        _ => (sql, Vec::new()),
    };
    let known = KNOWN_TYPES.iter().find(|known| known.sql == base);
    known
        .and_then(|known| with_arguments(known, &arguments).ok())
        .filter(|field_type| field_type.sql == sql)
        .unwrap_or_else(|| custom(sql, class_of(&base_type(sql))))
}

/// Returns the type of an existing column.
pub(crate) fn from_data_type(schema: VisibleSchema<'_>, data_type: &DataType) -> FieldType {
    if data_type.is_array {
        return array(&from_data_type(schema, &data_type.element()));
    }
    let sql = schema.type_sql(data_type);
    let base = schema.type_sql(&DataType { modifier: None, ..data_type.clone() });
    let arguments = match &data_type.modifier {
        None => Some(Vec::new()),
        Some(TypeModifier::Length(number) | TypeModifier::Precision(number)) => {
            Some(vec![number.to_string()])
        }
        Some(TypeModifier::Digits { precision, scale }) => {
            Some(vec![precision.to_string(), scale.to_string()])
        }
        Some(_) => None,
    };
    let known = KNOWN_TYPES.iter().find(|known| known.sql == base);
    known
        .and_then(|known| with_arguments(known, &arguments?).ok())
        .filter(|field_type| field_type.sql == sql)
        .unwrap_or_else(|| custom(&sql, class_of(&base)))
}

/// Returns a type without its arguments in parentheses.
pub(crate) fn base_type(sql: &str) -> String {
    match (sql.find('('), sql.rfind(')')) {
        (Some(open), Some(close)) => format!("{}{}", &sql[..open], &sql[close + 1..]),
        _ => sql.to_owned(),
    }
}

fn class_of(base: &str) -> TypeClass {
    let known = KNOWN_TYPES.iter().find(|known| known.sql == base).map(|known| known.class);
    let custom = CUSTOM_TYPES.iter().find(|(_, sql, _)| *sql == base).map(|(_, _, class)| *class);
    known.or(custom).unwrap_or(TypeClass::Other)
}

/// Writes the precision behind the first word, as in `timestamp(3) with time zone`.
fn with_precision(sql: &str, precision: u32) -> String {
    match sql.split_once(' ') {
        Some((word, rest)) => format!("{word}({precision}) {rest}"),
        None => format!("{sql}({precision})"),
    }
}

fn ensure_no_arguments(name: &str, arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => Ok(()),
        [..] => Err(format!("{name} takes no arguments")),
    }
}

/// Reads a length, which PostgreSQL requires to be at least 1.
fn length(name: &str, arguments: &[String]) -> Result<u32, String> {
    match numbers(name, arguments, 1)?.first() {
        Some(length @ 1..) => Ok(*length),
        _ => Err(format!("{name} takes a length of at least 1")),
    }
}

fn numbers(name: &str, arguments: &[String], most: usize) -> Result<Vec<u32>, String> {
    let numbers: Vec<u32> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    if numbers.len() == arguments.len() && numbers.len() <= most {
        return Ok(numbers);
    }
    let what = if most == 1 { "one number" } else { "one or two numbers" };
    Err(format!("{name} takes {what}, not ({})", arguments.join(",")))
}

#[cfg(test)]
mod tests;
