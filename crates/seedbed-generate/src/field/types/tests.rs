//! Tests of the names of types, and of the types that PostgreSQL reports.

use std::collections::BTreeSet;

use rstest::rstest;
use test_support::assert_snapshot;

use seedbed_schema::model::BaseType;

use super::*;
use crate::Field;
use crate::test_schema::{public, schema};

fn type_named(text: &str) -> Result<FieldType, String> {
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => {
            (name, rest.trim_end_matches(')').split(',').map(str::to_owned).collect())
        }
        None => (text, Vec::new()),
    };
    from_name(name, &arguments).unwrap_or_else(|| Err(format!("nearest: {:?}", nearest(name))))
}

#[rstest]
#[case("string", "character varying", "string")]
#[case("varchar(40)", "character varying(40)", "string_len")]
#[case("char(2)", "character(2)", "char_len")]
#[case("decimal(10,2)", "numeric(10,2)", "decimal_len")]
#[case("numeric(10)", "numeric(10,0)", "decimal_len")]
#[case("int8", "bigint", "big_integer")]
#[case("tiny_unsigned", "smallint", "small_integer")]
#[case("double_precision", "double precision", "double")]
#[case("timestamptz", "timestamp with time zone", "timestamptz")]
#[case("timestamptz(3)", "timestamp(3) with time zone", "custom")]
#[case("timestamp", "timestamp without time zone", "custom")]
#[case("interval(3)", "interval(3)", "interval")]
#[case("interval(day_to_second)", "interval day to second", "interval")]
#[case("bit(8)", "bit(8)", "bit")]
#[case("varbit(8)", "bit varying(8)", "custom")]
#[case("var_binary(8)", "bytea", "binary")]
#[case("JSONB", "jsonb", "json_binary")]
#[case("citext", "citext", "custom")]
#[case("vector(3)", "vector(3)", "custom")]
#[case("bigserial", "bigint", "big_integer")]
fn type_names_of_postgresql_and_sea_orm_are_known(
    #[case] text: &str,
    #[case] sql: &str,
    #[case] helper: &str,
) {
    let field_type = type_named(text).unwrap();
    assert_eq!((field_type.sql().as_str(), field_type.helper), (sql, helper));
}

#[test]
fn invalid_types_are_refused_with_a_hint() {
    let texts = [
        "strng",
        "timestampz",
        "qqq",
        "text(3)",
        "citext(3)",
        "serial(3)",
        "string(a)",
        "string(0)",
        "varbit(0)",
        "string(1,2)",
        "decimal(1,2,3)",
        "varbit(1,2)",
        "interval(1,2)",
        "decimal(2,10)",
        "decimal(a,2)",
        "interval(week)",
    ];
    let report = texts.map(|text| format!("{text}\n  {}", type_named(text).unwrap_err()));
    assert_snapshot!("invalid_types", report.join("\n"));
}

#[test]
fn types_reported_by_postgresql_are_read_back_unchanged() {
    let schema = schema([]);
    let schema = VisibleSchema::new(&schema);
    for known in KNOWN_TYPES {
        let read = from_data_type(schema, &DataType::builtin(known.sql));
        assert_eq!((read.sql().as_str(), read.helper), (known.sql, known.helper));
    }
    let text = |text: &str| Some(TypeModifier::Text(text.to_owned()));
    let named = |name: &str| BaseType::Enum(public(name));
    let builtin = |name: &str| BaseType::Builtin(name.to_owned());
    for (base, modifier, is_array, sql, helper) in [
        (
            builtin("character varying"),
            Some(TypeModifier::Length(40)),
            false,
            "character varying(40)",
            "string_len",
        ),
        (
            builtin("numeric"),
            Some(TypeModifier::Digits { precision: 10, scale: 2 }),
            false,
            "numeric(10,2)",
            "decimal_len",
        ),
        (
            builtin("numeric"),
            Some(TypeModifier::Digits { precision: 2, scale: 3 }),
            false,
            "numeric(2,3)",
            "custom",
        ),
        (builtin("text"), None, true, "text[]", "array"),
        (
            builtin("timestamp with time zone"),
            Some(TypeModifier::Precision(3)),
            false,
            "timestamp(3) with time zone",
            "custom",
        ),
        (named("widget_status"), None, true, "widget_status[]", "array"),
        (named("Odd name"), None, false, "\"Odd name\"", "custom"),
        (builtin("interval"), text(" day to second"), false, "interval day to second", "custom"),
        (builtin("interval"), Some(TypeModifier::Precision(3)), false, "interval(3)", "interval"),
        (builtin("bit"), Some(TypeModifier::Length(3)), false, "bit(3)", "bit"),
        (builtin("geometry"), text("(Point,4326)"), false, "geometry(Point,4326)", "custom"),
    ] {
        let read = from_data_type(schema, &DataType { base, modifier, is_array });
        assert_eq!((read.sql().as_str(), read.helper), (sql, helper));
        // What a message suggests is read as the same type.
        let fields = Field::parse_all(&format!("a:{}", read.input())).unwrap();
        assert_eq!(fields[0].type_in("widgets").sql(), sql);
    }
}

#[rstest]
#[case("geometry(Point,4326)", "geometry", false)]
#[case("mood[]", "mood", true)]
#[case("vector(3)[]", "vector", true)]
fn a_user_defined_type_is_read(#[case] input: &str, #[case] base: &str, #[case] array: bool) {
    let read = from_input(input);
    assert_eq!((read.sql().as_str(), read.base_name().as_str()), (input, base));
    assert_eq!(read.data_type.is_array, array);
}

/// Tests that the list is complete. `crates/acceptance` applies the types of this list on a real server.
#[test]
fn every_type_is_applied_by_the_acceptance_tests() {
    let kinds = include_str!("../../../../acceptance/generated/kinds.txt");
    let created = kinds.lines().filter(|line| line.starts_with("create"));
    let fields = created.filter_map(|line| Some(line.split_once(' ')?.1.trim()));
    let applied: BTreeSet<String> = fields
        .filter_map(|fields| Field::parse_all(fields).ok())
        .flatten()
        .map(|field| field.type_in("t").sql())
        .collect();
    let custom = CUSTOM_TYPES.iter().map(|(_, sql, _)| *sql);
    // The extension `vector` does not come with PostgreSQL.
    let all =
        KNOWN_TYPES.iter().map(|known| known.sql).chain(custom).filter(|sql| *sql != "vector");
    let missing: Vec<&str> = all.filter(|sql| !applied.contains(*sql)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
