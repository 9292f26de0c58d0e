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
    /// The arguments of the helper after the name of the column.
    pub(crate) arguments: Vec<String>,
    /// The expression of SeaORM's `ColumnType`.
    pub(crate) column_type: String,
    /// The type in PostgreSQL. The name of a user-defined type is written as SQL, in quotes if it needs them.
    pub(crate) data_type: DataType,
    /// The class of the type's values.
    pub(crate) class: TypeClass,
}

impl FieldType {
    /// Returns the type as SQL.
    pub(crate) fn sql(&self) -> String {
        self.data_type.to_string()
    }

    /// Returns the type as a user types it, such as `string(20)`.
    pub(crate) fn input(&self) -> String {
        let DataType { base, modifier, is_array } = &self.data_type;
        let base = base.to_string();
        let known = KNOWN_TYPES.iter().find(|known| known.sql == base).map(|known| known.names);
        let custom = || CUSTOM_TYPES.iter().find(|(_, sql, _)| *sql == base);
        let name = known.or_else(|| custom().map(|(names, ..)| *names)).map(|names| names[0]);
        let input = match (name, modifier) {
            (Some(name), None) => name.to_owned(),
            (Some(name), Some(TypeModifier::Length(n) | TypeModifier::Precision(n))) => {
                format!("{name}({n})")
            }
            (Some(name), Some(TypeModifier::Digits { precision, scale }))
                if (0..=*precision).contains(scale) =>
            {
                format!("{name}({precision},{scale})")
            }
            _ => format!("custom({})", DataType { is_array: false, ..self.data_type.clone() }),
        };
        if *is_array { format!("{input}[]") } else { input }
    }

    /// Returns the name of the type, or of the elements of an array, without a modifier.
    pub(crate) fn base_name(&self) -> String {
        self.data_type.base.to_string()
    }

    /// Returns the type without its modifier.
    pub(crate) fn without_modifier(&self) -> DataType {
        DataType { modifier: None, ..self.data_type.clone() }
    }
}

/// The class of a type's values. The class determines how a default is written, which value a backfill uses, and which
/// kind of index fits.
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

/// The names that stand for a type in a field without being the name of one in PostgreSQL or SeaORM.
pub(crate) const SYNTAX_TYPES: &[&str] = &["enum", "references", "array", "custom"];

/// Returns the type with the given name and arguments. Returns `None` if no type has the name, and an error if the
/// arguments are invalid for the type.
pub(crate) fn from_name(name: &str, arguments: &[String]) -> Option<Result<FieldType, String>> {
    let name = name.to_lowercase();
    if let Some((_, sql)) = SERIAL_TYPES.iter().find(|(serial, _)| *serial == name) {
        let field_type = ensure_no_arguments(&name, arguments)
            .map(|()| FieldType { class: TypeClass::Serial, ..builtin(sql) });
        return Some(field_type);
    }
    if let Some(known) = KNOWN_TYPES.iter().find(|known| known.names.contains(&name.as_str())) {
        return Some(with_arguments(known, arguments));
    }
    let (_, sql, class) = CUSTOM_TYPES.iter().find(|(names, ..)| names.contains(&name.as_str()))?;
    let modifier = match (*sql, arguments) {
        (_, []) => Ok(None),
        ("vector", _) => {
            length(&name, arguments).map(|n| Some(TypeModifier::Text(format!("({n})"))))
        }
        ("bit varying", _) => length(&name, arguments).map(|n| Some(TypeModifier::Length(n))),
        ("timestamp without time zone" | "time with time zone", _) => {
            numbers(&name, arguments, 1).map(|n| Some(TypeModifier::Precision(n[0])))
        }
        _ => ensure_no_arguments(&name, arguments).map(|()| None),
    };
    Some(modifier.map(|modifier| custom(with_modifier(sql, modifier), *class)))
}

/// Returns the names of the types that are most similar to an unknown name, at most three, the best one first.
pub(crate) fn nearest(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let names = KNOWN_TYPES.iter().flat_map(|known| known.names.iter().copied());
    let names = names.chain(CUSTOM_TYPES.iter().flat_map(|(names, ..)| names.iter().copied()));
    let names = names
        .chain(SERIAL_TYPES.iter().map(|(serial, _)| *serial))
        .chain(SYNTAX_TYPES.iter().copied());
    let mut scored: Vec<(f64, &str)> =
        names.map(|known| (strsim::jaro_winkler(&name, known), known)).collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    let near = scored.into_iter().filter(|(score, _)| *score > 0.75 && *score > best - 0.1);
    near.map(|(_, known)| known).take(3).collect()
}

/// Returns a known type with the given arguments, or an error if the arguments are invalid for the type.
fn with_arguments(known: &KnownType, arguments: &[String]) -> Result<FieldType, String> {
    let plain = plain(known);
    let name = known.names[0];
    let make = |helper, arguments: &[i32], column_type: String, modifier| FieldType {
        helper,
        arguments: arguments.iter().map(i32::to_string).collect(),
        column_type: format!("ColumnType::{column_type}"),
        data_type: with_modifier(known.sql, Some(modifier)),
        class: known.class,
    };
    match (known.helper, arguments) {
        (_, []) => Ok(plain),
        ("string", _) => {
            let n = length(name, arguments)?;
            let column_type = format!("String(StringLen::N({n}))");
            Ok(make("string_len", &[n], column_type, TypeModifier::Length(n)))
        }
        ("char", _) => {
            let n = length(name, arguments)?;
            Ok(make("char_len", &[n], format!("Char(Some({n}))"), TypeModifier::Length(n)))
        }
        ("decimal", _) => {
            let n = numbers(name, arguments, 2)?;
            let scale = n.get(1).copied().unwrap_or(0);
            let precision = n[0];
            if precision == 0 || precision > 1000 || scale > precision {
                return Err(format!(
                    "{name}({precision},{scale}) is not a valid precision and scale"
                ));
            }
            Ok(make(
                "decimal_len",
                &[precision, scale],
                format!("Decimal(Some(({precision}, {scale})))"),
                TypeModifier::Digits { precision, scale },
            ))
        }
        ("bit", _) => {
            let n = length(name, arguments)?;
            Ok(FieldType {
                arguments: vec![format!("Some({n})")],
                ..make("bit", &[], format!("Bit(Some({n}))"), TypeModifier::Length(n))
            })
        }
        // The length is ignored, because PostgreSQL's `bytea` has none.
        ("binary", _) => numbers(name, arguments, 1).map(|_| plain),
        // The helpers of these types take no precision.
        ("timestamptz" | "time", _) => {
            let precision = TypeModifier::Precision(numbers(name, arguments, 1)?[0]);
            Ok(custom(with_modifier(known.sql, Some(precision)), known.class))
        }
        ("interval", _) => interval(&plain, &arguments.join(",")),
        _ => ensure_no_arguments(name, arguments).map(|()| plain),
    }
}

/// Returns an interval with a precision, such as `interval(3)`, or with a field, such as `interval(day_to_second)`.
fn interval(plain: &FieldType, argument: &str) -> Result<FieldType, String> {
    if let Ok(precision @ 0..=6) = argument.parse::<i32>() {
        return Ok(FieldType {
            arguments: vec!["None".to_owned(), format!("Some({precision})")],
            column_type: format!("ColumnType::Interval(None, Some({precision}))"),
            data_type: with_modifier("interval", Some(TypeModifier::Precision(precision))),
            ..plain.clone()
        });
    }
    if !INTERVAL_FIELDS.contains(&argument) {
        return Err(format!(
            "interval takes a precision of 0 to 6, or one of {}",
            INTERVAL_FIELDS.join(", ")
        ));
    }
    let variant = heck::ToUpperCamelCase::to_upper_camel_case(argument);
    let fields = format!("Some(sea_query::PgInterval::{variant})");
    Ok(FieldType {
        column_type: format!("ColumnType::Interval({fields}, None)"),
        arguments: vec![fields, "None".to_owned()],
        data_type: with_modifier(
            "interval",
            Some(TypeModifier::Text(format!(" {}", argument.replace('_', " ")))),
        ),
        ..plain.clone()
    })
}

/// Returns a known type without arguments.
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
        data_type: DataType::builtin(known.sql),
        class: known.class,
    }
}

/// Returns a type of PostgreSQL by its name.
pub(crate) fn builtin(sql: &str) -> FieldType {
    let known = KNOWN_TYPES.iter().find(|known| known.sql == sql);
    known.map_or_else(|| custom(DataType::builtin(sql), class_of(sql)), plain)
}

/// Returns a type that a script has to write as SQL, because SeaORM has no name or no helper for it.
pub(crate) fn custom(data_type: DataType, class: TypeClass) -> FieldType {
    let sql = string(&data_type.to_string());
    FieldType {
        helper: "custom",
        column_type: format!("ColumnType::custom({sql})"),
        arguments: vec![sql],
        data_type,
        class,
    }
}

/// Reads a type that the user typed as SQL in `custom(…)`, such as `geometry(Point,4326)`.
pub(crate) fn from_input(input: &str) -> FieldType {
    let (name, is_array) = match input.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (input, false),
    };
    let (name, modifier) = match name.split_once('(') {
        Some((base, modifier)) if modifier.ends_with(')') => {
            (base, Some(TypeModifier::Text(format!("({modifier}"))))
        }
        _ => (name, None),
    };
    let data_type = DataType { is_array, ..with_modifier(name, modifier) };
    custom(data_type, if is_array { TypeClass::Array } else { TypeClass::Other })
}

/// Returns the array of a type.
pub(crate) fn array(element: &FieldType) -> FieldType {
    FieldType {
        helper: "array",
        arguments: vec![element.column_type.clone()],
        column_type: format!("ColumnType::Array({}.into())", element.column_type),
        data_type: DataType { is_array: true, ..element.data_type.clone() },
        class: TypeClass::Array,
    }
}

/// Returns the type of an existing column.
pub(crate) fn from_data_type(schema: VisibleSchema<'_>, data_type: &DataType) -> FieldType {
    if data_type.is_array {
        return array(&from_data_type(schema, &data_type.element()));
    }
    let visible = schema.visible_type(data_type);
    let arguments = match &visible.modifier {
        None => Some(Vec::new()),
        Some(TypeModifier::Length(number) | TypeModifier::Precision(number)) => {
            Some(vec![number.to_string()])
        }
        Some(TypeModifier::Digits { precision, scale }) => {
            Some(vec![precision.to_string(), scale.to_string()])
        }
        Some(_) => None,
    };
    let base = visible.base.to_string();
    let known = KNOWN_TYPES.iter().find(|known| known.sql == base);
    // The helper is used only if it creates exactly this type.
    known
        .and_then(|known| with_arguments(known, &arguments?).ok())
        .filter(|field_type| field_type.data_type == visible)
        .unwrap_or_else(|| custom(visible, class_of(&base)))
}

/// Returns the class of a type's values, by the name of the type in PostgreSQL.
pub(crate) fn class_of(base: &str) -> TypeClass {
    let known = KNOWN_TYPES.iter().find(|known| known.sql == base).map(|known| known.class);
    let custom = CUSTOM_TYPES.iter().find(|(_, sql, _)| *sql == base).map(|(_, _, class)| *class);
    known.or(custom).unwrap_or(TypeClass::Other)
}

fn with_modifier(sql: &str, modifier: Option<TypeModifier>) -> DataType {
    DataType { modifier, ..DataType::builtin(sql) }
}

fn ensure_no_arguments(name: &str, arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => Ok(()),
        [..] => Err(format!("{name} takes no arguments")),
    }
}

/// Reads a length, which PostgreSQL requires to be at least 1.
fn length(name: &str, arguments: &[String]) -> Result<i32, String> {
    match numbers(name, arguments, 1)?.first() {
        Some(length @ 1..) => Ok(*length),
        _ => Err(format!("{name} takes a length of at least 1")),
    }
}

/// Reads up to `most` numbers, none of which is negative.
fn numbers(name: &str, arguments: &[String], most: usize) -> Result<Vec<i32>, String> {
    let numbers = arguments.iter().filter_map(|text| text.parse().ok());
    let numbers: Vec<i32> = numbers.filter(|number| *number >= 0).collect();
    if numbers.len() == arguments.len() && numbers.len() <= most {
        return Ok(numbers);
    }
    let expected = if most == 1 { "one number" } else { "one or two numbers" };
    Err(format!("{name} takes {expected}, not ({})", arguments.join(",")))
}

#[cfg(test)]
mod tests;
