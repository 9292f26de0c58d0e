//! The values of each type, as the text that the server reads.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use seedbed_schema::model::{BaseType, DataType, DatabaseSchema, QualifiedName, TypeModifier};
use seedbed_sql::quote_literal;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::choices::constants;

/// The values of each type, without the values that the server refuses.
#[derive(Debug, Default)]
pub(super) struct TypeLiterals(BTreeMap<DataType, Vec<String>>);

impl TypeLiterals {
    /// Returns the values of a type, the typical ones first and the unusual ones last.
    pub(super) async fn values_of_type(
        &mut self,
        schema: &DatabaseSchema,
        data_type: &DataType,
        connection: &mut PgConnection,
    ) -> Result<Vec<String>, sqlx::Error> {
        if let Some(known) = self.0.get(data_type) {
            return Ok(known.clone());
        }
        let mut values = literals(schema, data_type);
        if !matches!(data_type.base, BaseType::Builtin(_) | BaseType::Enum(_)) {
            values = accepted(data_type, values, connection).await?;
        }
        // An enum may get more values, and a domain other checks.
        if matches!(data_type.base, BaseType::Builtin(_)) {
            self.0.insert(data_type.clone(), values.clone());
        }
        Ok(values)
    }
}

/// Returns the values that the server casts to the type. A cast to a domain checks its constraints.
async fn accepted(
    data_type: &DataType,
    values: Vec<String>,
    connection: &mut PgConnection,
) -> Result<Vec<String>, sqlx::Error> {
    let mut accepted = Vec::new();
    for value in values {
        let cast = format!("SELECT CAST({} AS {data_type}) IS NULL", quote_literal(&value));
        match connection.execute(sqlx::raw_sql(AssertSqlSafe(cast))).await {
            Ok(_) => accepted.push(value),
            Err(error) if error.as_database_error().is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(accepted)
}

/// Returns the values to try for a type.
fn literals(schema: &DatabaseSchema, data_type: &DataType) -> Vec<String> {
    if data_type.is_array {
        let element = literals(schema, &data_type.element());
        let array = |value: &String| {
            format!("{{\"{}\"}}", value.replace('\\', "\\\\").replace('"', "\\\""))
        };
        return element.first().map(array).into_iter().chain(["{}".to_owned()]).collect();
    }
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    match &data_type.base {
        BaseType::Builtin(name) => builtin(name, data_type.modifier.as_ref()),
        BaseType::Enum(name) => schema.enums.get(name).map_or(Vec::new(), |one| one.labels.clone()),
        BaseType::Domain(name) => schema.domains.get(name).map_or(Vec::new(), |domain| {
            let checks = domain.checks.values().flat_map(|check| constants(&check.definition));
            literals(schema, &domain.data_type).into_iter().chain(checks).collect()
        }),
        // All attributes are NULL.
        BaseType::Composite(name) => {
            let attributes = schema.composites.get(name).map(|one| one.attributes.len());
            let columns = || schema.tables.get(name).map(|table| table.columns.len());
            let count = attributes.or_else(columns).unwrap_or(1);
            vec![format!("({})", ",".repeat(count.saturating_sub(1)))]
        }
        BaseType::Range(_) => texts(&["empty", "(,)", "{}"]),
        // The notation of an extension's type is not known, so those of many types are tried. The length is that of
        // pgvector's `vector(3)`.
        _ => {
            let length = match &data_type.modifier {
                Some(TypeModifier::Text(text)) => {
                    text.trim_matches(['(', ')']).parse::<usize>().unwrap_or(1)
                }
                _ => 1,
            };
            let vector = format!("[{}]", vec!["1"; length].join(","));
            let mut values: Vec<String> = texts(&["a", "1", "POINT(0 0)"]);
            values.push(vector);
            values.extend(texts(&["a=>1", "[1,1]", "(0,0)", "{}", "[]", "0", "-1", ""]));
            values
        }
    }
}

/// The values of the text types, the typical ones first.
const TEXTS: &[&str] = &[
    "a",
    "A",
    "1",
    "aaaaaaaaaa",
    "a@example.com",
    "https://example.com",
    "2024-01-01",
    "{}",
    "00000000-0000-4000-8000-000000000001",
    "-1",
    "",
];

/// Returns the values of a type of PostgreSQL.
fn builtin(name: &str, modifier: Option<&TypeModifier>) -> Vec<String> {
    let length = match modifier {
        Some(TypeModifier::Length(length)) => usize::try_from(*length).ok(),
        _ => None,
    };
    let longest = match name {
        "text" | "name" | "character varying" => length.unwrap_or(usize::MAX),
        "character" | "\"char\"" => length.unwrap_or(1),
        "bit" | "bit varying" => {
            return ["1", "0"].map(|bit| bit.repeat(length.unwrap_or(1))).into();
        }
        "numeric" => {
            let digits = modifier.map_or(1, digits_before_point);
            let values: &[&str] = if digits > 0 { &["1", "2", "0", "-1"] } else { &["0"] };
            return values.iter().map(|value| (*value).to_owned()).collect();
        }
        _ => return other_builtin(name).iter().map(|value| (*value).to_owned()).collect(),
    };
    let fits = |text: &&&str| text.chars().count() <= longest;
    TEXTS.iter().filter(fits).map(|text| (*text).to_owned()).collect()
}

/// Returns the values of a type of PostgreSQL that has no length.
fn other_builtin(name: &str) -> &'static [&'static str] {
    match name {
        "smallint" => &["1", "2", "10", "100", "0", "-1"],
        "integer" | "bigint" => &["1", "2", "10", "100", "1000", "0", "-1"],
        "oid" => &["1", "0"],
        "real" | "double precision" | "money" => &["1", "0.5", "0", "-1"],
        "boolean" => &["true", "false"],
        "date" => &["2024-01-01", "2024-12-31", "2999-12-31", "1900-01-01"],
        "timestamp with time zone" | "timestamp without time zone" => &[
            "2024-01-01 00:00:00",
            "2024-12-31 00:00:00",
            "2999-12-31 00:00:00",
            "1900-01-01 00:00:00",
        ],
        "time without time zone" | "time with time zone" => &["12:00:00", "23:59:59", "00:00:00"],
        "interval" => &["1 hour", "1 day", "00:00:00", "-1 hour"],
        "uuid" => &["00000000-0000-4000-8000-000000000001", "00000000-0000-0000-0000-000000000000"],
        "json" | "jsonb" => &["{}", "[]", "\"a\"", "1", "null"],
        "jsonpath" => &["$"],
        "bytea" => &["\\x00", "\\x"],
        "inet" => &["127.0.0.1", "::1"],
        "cidr" => &["10.0.0.0/8", "::/0"],
        "macaddr" => &["08:00:2b:01:02:03"],
        "macaddr8" => &["08:00:2b:01:02:03:04:05"],
        "tsvector" | "tsquery" => &["a", ""],
        "xml" => &["<a/>"],
        "point" => &["(0,0)", "(-1,-1)"],
        "line" => &["{1,-1,0}"],
        "lseg" => &["[(0,0),(1,1)]"],
        "box" => &["((0,0),(1,1))"],
        "path" => &["[(0,0),(1,1)]"],
        "polygon" => &["((0,0),(1,1),(1,0))"],
        "circle" => &["<(0,0),1>"],
        "pg_lsn" => &["0/1", "0/0"],
        "regclass" => &["pg_class"],
        "regtype" => &["integer"],
        "regproc" => &["now"],
        name if name.ends_with("multirange") => &["{(,)}", "{}"],
        name if name.ends_with("range") => &["(,)", "empty"],
        _ => &["1", "a", "{}", "0", ""],
    }
}

/// Returns the number of digits that a number may have before the decimal point.
fn digits_before_point(modifier: &TypeModifier) -> i32 {
    match modifier {
        TypeModifier::Digits { precision, scale } => precision - scale,
        _ => 1,
    }
}

/// Returns values for a column whose values must be different in each row. They also differ from the values of other
/// tables, so that a foreign key on another column does not refer to the row by chance.
pub(super) fn distinct(data_type: &DataType, table: &QualifiedName, row: usize) -> Vec<String> {
    let BaseType::Builtin(name) = &data_type.base else { return Vec::new() };
    if data_type.is_array {
        return Vec::new();
    }
    let mut hasher = DefaultHasher::new();
    table.hash(&mut hasher);
    let hash = hasher.finish();
    // The number fits into a `smallint`, and its last digit is the number of the row.
    let short = 1_010 + hash % 30_000 / 10 * 10 + row as u64;
    match name.as_str() {
        "numeric" if data_type.modifier.as_ref().is_some_and(|m| digits_before_point(m) < 5) => {
            vec![(row + 2).to_string()]
        }
        "smallint" | "integer" | "bigint" | "numeric" | "oid" => vec![short.to_string()],
        "text" | "character varying" => {
            let length = match data_type.modifier {
                Some(TypeModifier::Length(length)) => usize::try_from(length).unwrap_or(1),
                _ => usize::MAX,
            };
            let texts = [format!("{}-{row}", table.name), format!("k{short}"), format!("{row}")];
            texts.into_iter().filter(|text| text.chars().count() <= length).collect()
        }
        "character" => vec![row.to_string()],
        "uuid" => vec![format!("{:08x}-0000-4000-8000-{row:012x}", hash as u32)],
        "date" => vec![format!("2024-02-{:02}", row + 1)],
        "timestamp with time zone" | "timestamp without time zone" => {
            vec![format!("2024-02-{:02} 00:00:00", row + 1)]
        }
        "inet" => vec![format!("127.0.0.{}", row + 2)],
        "bytea" => vec![format!("\\x{short:04x}")],
        _ => Vec::new(),
    }
}
