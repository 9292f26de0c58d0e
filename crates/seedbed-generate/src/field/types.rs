//! The types of PostgreSQL, by the names that PostgreSQL and SeaORM give them.

mod known;

use known::{COUNTERS, CUSTOM, INTERVALS, KNOWN, Known};

use crate::rust::string;

/// A type, in the three languages that need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Type {
    /// The column helper of the prelude, which has a twin with `_null`.
    pub(crate) helper: &'static str,
    /// What the helper takes after the name of the column.
    pub(crate) arguments: Vec<String>,
    /// The expression of SeaORM's `ColumnType`.
    pub(crate) column_type: String,
    /// As PostgreSQL's `format_type` writes it.
    pub(crate) sql: String,
    /// What its values are like.
    pub(crate) class: Class,
}

/// What the values of a type are like: how a default is written, and what an empty one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Text,
    Integer,
    /// Numbers with a fraction.
    Number,
    Boolean,
    Moment,
    Json,
    Uuid,
    Bytes,
    Array,
    /// An integer that the database counts up.
    Counter,
    /// Has no order, so that an index needs to be told which kind it is.
    Unordered,
    Other,
}

/// The types that are written with something in parentheses only.
pub(crate) const BY_SYNTAX: &[&str] = &["enum", "references", "array", "custom"];

/// The type of that name with those arguments; `None` if there is no such name, and why if the
/// arguments do not fit.
pub(crate) fn named(name: &str, arguments: &[String]) -> Option<Result<Type, String>> {
    let name = name.to_lowercase();
    if let Some((_, sql)) = COUNTERS.iter().find(|(counter, _)| *counter == name) {
        let built = none(&name, arguments).map(|()| {
            let plain = from_sql(sql);
            Type { class: Class::Counter, ..plain }
        });
        return Some(built);
    }
    if let Some(known) = KNOWN.iter().find(|known| known.names.contains(&name.as_str())) {
        return Some(sized(known, arguments));
    }
    let (_, sql, class) = CUSTOM.iter().find(|(names, ..)| names.contains(&name.as_str()))?;
    Some(match (*sql, arguments) {
        (_, []) => Ok(custom(sql, *class)),
        ("vector" | "bit varying", [_]) => {
            length(&name, arguments).map(|n| custom(&format!("{sql}({n})"), *class))
        }
        ("timestamp without time zone" | "time with time zone", [_]) => {
            numbers(&name, arguments, 1).map(|n| custom(&with_precision(sql, n[0]), *class))
        }
        _ => none(&name, arguments).map(|()| custom(sql, *class)),
    })
}

/// The names that are nearest to one that there is not, the nearest first.
pub(crate) fn nearest(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let names = KNOWN.iter().flat_map(|known| known.names.iter().copied());
    let names = names.chain(CUSTOM.iter().flat_map(|(names, ..)| names.iter().copied()));
    let names =
        names.chain(COUNTERS.iter().map(|(counter, _)| *counter)).chain(BY_SYNTAX.iter().copied());
    let mut scored: Vec<(f64, &str)> =
        names.map(|known| (strsim::jaro_winkler(&name, known), known)).collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    let near = scored.into_iter().filter(|(score, _)| *score > 0.75 && *score > best - 0.1);
    near.map(|(_, known)| known).take(3).collect()
}

fn sized(known: &Known, arguments: &[String]) -> Result<Type, String> {
    let plain = plain(known);
    let name = known.names[0];
    let make = |helper, arguments: &[u32], column_type: String, sql: String| Type {
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
                return Err(format!("{name}({precision},{scale}) is no precision and scale"));
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
            Ok(Type {
                arguments: vec![format!("Some({n})")],
                ..make("bit", &[], format!("Bit(Some({n}))"), format!("bit({n})"))
            })
        }
        // In PostgreSQL the length of bytes means nothing.
        ("binary", [_]) => numbers(name, arguments, 1).map(|_| plain),
        ("timestamptz" | "time", [_]) => {
            let n = numbers(name, arguments, 1)?[0];
            Ok(custom(&with_precision(known.sql, n), known.class))
        }
        ("interval", [field]) => interval(&plain, field),
        _ => Err(none(name, arguments)
            .err()
            .unwrap_or_else(|| format!("{name} takes fewer arguments"))),
    }
}

fn interval(plain: &Type, field: &str) -> Result<Type, String> {
    if let Ok(precision @ 0..=6) = field.parse::<u8>() {
        return Ok(Type {
            arguments: vec!["None".to_owned(), format!("Some({precision})")],
            column_type: format!("ColumnType::Interval(None, Some({precision}))"),
            sql: format!("interval({precision})"),
            ..plain.clone()
        });
    }
    if !INTERVALS.contains(&field) {
        return Err(format!(
            "interval takes a precision of 0 to 6, or one of {}",
            INTERVALS.join(", ")
        ));
    }
    let variant = heck::ToUpperCamelCase::to_upper_camel_case(field);
    let fields = format!("Some(sea_query::PgInterval::{variant})");
    Ok(Type {
        column_type: format!("ColumnType::Interval({fields}, None)"),
        arguments: vec![fields, "None".to_owned()],
        sql: format!("interval {}", field.replace('_', " ")),
        ..plain.clone()
    })
}

fn plain(known: &Known) -> Type {
    let arguments = match known.helper {
        "interval" => vec!["None".to_owned(), "None".to_owned()],
        "bit" => vec!["None".to_owned()],
        _ => Vec::new(),
    };
    Type {
        helper: known.helper,
        arguments,
        column_type: format!("ColumnType::{}", known.variant),
        sql: known.sql.to_owned(),
        class: known.class,
    }
}

/// A type by the name that PostgreSQL knows it under.
pub(crate) fn custom(sql: &str, class: Class) -> Type {
    Type {
        helper: "custom",
        arguments: vec![string(sql)],
        column_type: format!("ColumnType::custom({})", string(sql)),
        sql: sql.to_owned(),
        class,
    }
}

/// An array of those.
pub(crate) fn array(element: &Type) -> Type {
    Type {
        helper: "array",
        arguments: vec![element.column_type.clone()],
        column_type: format!("ColumnType::Array({}.into())", element.column_type),
        sql: format!("{}[]", element.sql),
        class: Class::Array,
    }
}

/// The type that `format_type` of PostgreSQL describes so.
pub(crate) fn from_sql(sql: &str) -> Type {
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
    let known = KNOWN.iter().find(|known| known.sql == base);
    known
        .and_then(|known| sized(known, &arguments).ok())
        .filter(|built| built.sql == sql)
        .unwrap_or_else(|| custom(sql, class_of(&base_of(sql))))
}

/// A type without what is in its parentheses.
pub(crate) fn base_of(sql: &str) -> String {
    match (sql.find('('), sql.rfind(')')) {
        (Some(open), Some(close)) => format!("{}{}", &sql[..open], &sql[close + 1..]),
        _ => sql.to_owned(),
    }
}

fn class_of(base: &str) -> Class {
    let known = KNOWN.iter().find(|known| known.sql == base).map(|known| known.class);
    let custom = CUSTOM.iter().find(|(_, sql, _)| *sql == base).map(|(_, _, class)| *class);
    known.or(custom).unwrap_or(Class::Other)
}

/// `timestamp(3) with time zone`: the precision stands behind the first word.
fn with_precision(sql: &str, precision: u32) -> String {
    match sql.split_once(' ') {
        Some((word, rest)) => format!("{word}({precision}) {rest}"),
        None => format!("{sql}({precision})"),
    }
}

fn none(name: &str, arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => Ok(()),
        [..] => Err(format!("{name} takes nothing in parentheses")),
    }
}

/// A length, which PostgreSQL wants to be at least 1.
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
    Err(format!("{name} takes {what} in parentheses, and not ({})", arguments.join(",")))
}

#[cfg(test)]
mod tests;
