//! Names of types, and what PostgreSQL calls them.

use std::collections::BTreeSet;

use rstest::rstest;

use super::*;
use crate::Field;

fn type_named(text: &str) -> Result<Type, String> {
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => {
            (name, rest.trim_end_matches(')').split(',').map(str::to_owned).collect())
        }
        None => (text, Vec::new()),
    };
    named(name, &arguments).unwrap_or_else(|| Err(format!("nearest: {:?}", nearest(name))))
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
fn a_type_has_the_name_that_postgresql_or_sea_orm_gives_it(
    #[case] text: &str,
    #[case] sql: &str,
    #[case] helper: &str,
) {
    let built = type_named(text).unwrap();
    assert_eq!((built.sql.as_str(), built.helper), (sql, helper));
}

#[rstest]
#[case("strng", r#"nearest: ["string"]"#)]
#[case("timestampz", r#"nearest: ["timestamptz", "timestamp", "timetz"]"#)]
#[case("qqq", "nearest: []")]
#[case("text(3)", "text takes nothing in parentheses")]
#[case("citext(3)", "citext takes nothing in parentheses")]
#[case("serial(3)", "serial takes nothing in parentheses")]
#[case("string(a)", "string takes one number in parentheses, and not (a)")]
#[case("string(0)", "string takes a length of at least 1")]
#[case("varbit(0)", "varbit takes a length of at least 1")]
#[case("string(1,2)", "string takes nothing in parentheses")]
#[case("decimal(2,10)", "decimal(2,10) is no precision and scale")]
#[case("decimal(a,2)", "decimal takes one or two numbers in parentheses, and not (a,2)")]
#[case(
    "interval(week)",
    "interval takes a precision of 0 to 6, or one of year, month, day, hour, minute, second, year_to_month, day_to_hour, day_to_minute, day_to_second, hour_to_minute, hour_to_second, minute_to_second"
)]
fn what_is_no_type_is_told(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(type_named(text).unwrap_err(), expected);
}

#[test]
fn what_the_database_says_leads_back_to_the_same_type() {
    for known in KNOWN {
        assert_eq!(from_sql(known.sql).sql, known.sql);
        assert_eq!(from_sql(known.sql).helper, known.helper);
    }
    for sql in [
        "character varying(40)",
        "numeric(10,2)",
        "text[]",
        "timestamp(3) with time zone",
        "widget_status",
        "widget_status[]",
        "interval day to second",
        "character(2)",
        "bit(3)",
        "\"Odd name\"",
        "geometry(Point,4326)",
    ] {
        assert_eq!(from_sql(sql).sql, sql);
    }
}

/// The list is what `crates/acceptance` applies on a real server.
#[test]
fn every_type_is_in_the_list_that_is_applied() {
    let kinds = include_str!("../../../../acceptance/generated/kinds.txt");
    let created = kinds.lines().filter(|line| line.starts_with("create"));
    let fields = created.filter_map(|line| Some(line.split_once(' ')?.1.trim()));
    let applied: BTreeSet<String> = fields
        .filter_map(|fields| Field::parse_all(fields).ok())
        .flatten()
        .map(|field| field.type_in("t").sql)
        .collect();
    let custom = CUSTOM.iter().map(|(_, sql, _)| *sql);
    // Its extension does not come with PostgreSQL.
    let all = KNOWN.iter().map(|known| known.sql).chain(custom).filter(|sql| *sql != "vector");
    let missing: Vec<&str> = all.filter(|sql| !applied.contains(*sql)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
