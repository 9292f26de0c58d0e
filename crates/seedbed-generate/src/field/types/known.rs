//! The tables of types.

use super::Class;

pub(super) struct Known {
    /// What may be typed; the first one is suggested.
    pub(super) names: &'static [&'static str],
    pub(super) sql: &'static str,
    pub(super) helper: &'static str,
    pub(super) variant: &'static str,
    pub(super) class: Class,
}

const fn known(
    names: &'static [&'static str],
    sql: &'static str,
    helper: &'static str,
    variant: &'static str,
    class: Class,
) -> Known {
    Known { names, sql, helper, variant, class }
}

/// Those that SeaORM has a builder for. The unsigned ones are what SeaORM makes of them in PostgreSQL.
pub(super) const KNOWN: &[Known] = &[
    known(
        &["string", "varchar", "character_varying"],
        "character varying",
        "string",
        "String(StringLen::None)",
        Class::Text,
    ),
    known(&["char", "character", "bpchar"], "character", "char", "Char(None)", Class::Text),
    known(&["text"], "text", "text", "Text", Class::Text),
    known(
        &["integer", "int", "int4", "small_unsigned"],
        "integer",
        "integer",
        "Integer",
        Class::Integer,
    ),
    known(
        &["bigint", "big_integer", "int8", "unsigned", "big_unsigned"],
        "bigint",
        "big_integer",
        "BigInteger",
        Class::Integer,
    ),
    known(
        &["smallint", "small_integer", "int2", "tiny_integer", "tiny_unsigned"],
        "smallint",
        "small_integer",
        "SmallInteger",
        Class::Integer,
    ),
    known(&["decimal", "numeric"], "numeric", "decimal", "Decimal(None)", Class::Number),
    known(&["real", "float", "float4"], "real", "float", "Float", Class::Number),
    known(
        &["double", "float8", "double_precision"],
        "double precision",
        "double",
        "Double",
        Class::Number,
    ),
    known(&["money"], "money", "money", "Money(None)", Class::Number),
    known(&["boolean", "bool"], "boolean", "boolean", "Boolean", Class::Boolean),
    known(
        &["timestamptz", "timestamp_with_time_zone"],
        "timestamp with time zone",
        "timestamptz",
        "TimestampWithTimeZone",
        Class::Moment,
    ),
    known(&["date"], "date", "date", "Date", Class::Moment),
    known(&["time"], "time without time zone", "time", "Time", Class::Moment),
    known(&["interval"], "interval", "interval", "Interval(None, None)", Class::Moment),
    known(&["uuid"], "uuid", "uuid", "Uuid", Class::Uuid),
    known(&["jsonb", "json_binary"], "jsonb", "json_binary", "JsonBinary", Class::Json),
    known(&["json"], "json", "json", "Json", Class::Json),
    known(&["bytea", "binary", "blob", "var_binary"], "bytea", "binary", "Blob", Class::Bytes),
    known(&["bit"], "bit", "bit", "Bit(None)", Class::Other),
];

/// Those that SeaORM names and the prelude has no helper for, or that only PostgreSQL names.
pub(super) const CUSTOM: &[(&[&str], &str, Class)] = &[
    (
        &["timestamp", "datetime", "date_time", "timestamp_without_time_zone"],
        "timestamp without time zone",
        Class::Moment,
    ),
    (&["timetz", "time_with_time_zone"], "time with time zone", Class::Moment),
    (&["varbit", "bit_varying"], "bit varying", Class::Other),
    (&["citext"], "citext", Class::Text),
    (&["name"], "name", Class::Text),
    (&["cidr"], "cidr", Class::Other),
    (&["inet"], "inet", Class::Other),
    (&["macaddr", "mac_address", "mac_addr"], "macaddr", Class::Other),
    (&["macaddr8"], "macaddr8", Class::Other),
    (&["ltree", "l_tree"], "ltree", Class::Other),
    (&["hstore"], "hstore", Class::Unordered),
    (&["vector"], "vector", Class::Unordered),
    (&["tsvector"], "tsvector", Class::Array),
    (&["tsquery"], "tsquery", Class::Unordered),
    (&["xml"], "xml", Class::Unordered),
    (&["point"], "point", Class::Unordered),
    (&["line"], "line", Class::Unordered),
    (&["lseg"], "lseg", Class::Unordered),
    (&["box"], "box", Class::Unordered),
    (&["path"], "path", Class::Unordered),
    (&["polygon"], "polygon", Class::Unordered),
    (&["circle"], "circle", Class::Unordered),
    (&["int4range"], "int4range", Class::Other),
    (&["int8range"], "int8range", Class::Other),
    (&["numrange"], "numrange", Class::Other),
    (&["tsrange"], "tsrange", Class::Other),
    (&["tstzrange"], "tstzrange", Class::Other),
    (&["daterange"], "daterange", Class::Other),
    (&["int4multirange"], "int4multirange", Class::Other),
    (&["int8multirange"], "int8multirange", Class::Other),
    (&["nummultirange"], "nummultirange", Class::Other),
    (&["tsmultirange"], "tsmultirange", Class::Other),
    (&["tstzmultirange"], "tstzmultirange", Class::Other),
    (&["datemultirange"], "datemultirange", Class::Other),
    (&["pg_lsn"], "pg_lsn", Class::Other),
    (&["oid"], "oid", Class::Other),
];

/// Those that count by themselves, as SeaORM's `auto_increment` writes them.
pub(super) const COUNTERS: &[(&str, &str)] =
    &[("serial", "integer"), ("bigserial", "bigint"), ("smallserial", "smallint")];

/// What `interval(…)` may hold besides a precision, as SeaORM's `PgInterval` has it.
pub(super) const INTERVALS: &[&str] = &[
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "year_to_month",
    "day_to_hour",
    "day_to_minute",
    "day_to_second",
    "hour_to_minute",
    "hour_to_second",
    "minute_to_second",
];
