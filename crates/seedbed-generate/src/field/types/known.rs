//! The tables of known types.

use super::TypeClass;

/// A type that the prelude has a helper for.
pub(super) struct KnownType {
    /// The names that a user may type. Messages suggest the first one.
    pub(super) names: &'static [&'static str],
    /// The name in PostgreSQL.
    pub(super) sql: &'static str,
    /// The column helper of the prelude.
    pub(super) helper: &'static str,
    /// The variant of SeaORM's `ColumnType`.
    pub(super) variant: &'static str,
    pub(super) class: TypeClass,
}

const fn known(
    names: &'static [&'static str],
    sql: &'static str,
    helper: &'static str,
    variant: &'static str,
    class: TypeClass,
) -> KnownType {
    KnownType { names, sql, helper, variant, class }
}

/// The types that the prelude has a helper for. Unsigned types are mapped as SeaORM maps them in PostgreSQL.
pub(super) const KNOWN_TYPES: &[KnownType] = &[
    known(
        &["string", "varchar", "character_varying"],
        "character varying",
        "string",
        "String(StringLen::None)",
        TypeClass::Text,
    ),
    known(&["char", "character", "bpchar"], "character", "char", "Char(None)", TypeClass::Text),
    known(&["text"], "text", "text", "Text", TypeClass::Text),
    known(
        &["integer", "int", "int4", "small_unsigned"],
        "integer",
        "integer",
        "Integer",
        TypeClass::Integer,
    ),
    known(
        &["bigint", "big_integer", "int8", "unsigned", "big_unsigned"],
        "bigint",
        "big_integer",
        "BigInteger",
        TypeClass::Integer,
    ),
    known(
        &["smallint", "small_integer", "int2", "tiny_integer", "tiny_unsigned"],
        "smallint",
        "small_integer",
        "SmallInteger",
        TypeClass::Integer,
    ),
    known(&["decimal", "numeric"], "numeric", "decimal", "Decimal(None)", TypeClass::Number),
    known(&["real", "float", "float4"], "real", "float", "Float", TypeClass::Number),
    known(
        &["double", "float8", "double_precision"],
        "double precision",
        "double",
        "Double",
        TypeClass::Number,
    ),
    known(&["money"], "money", "money", "Money(None)", TypeClass::Number),
    known(&["boolean", "bool"], "boolean", "boolean", "Boolean", TypeClass::Boolean),
    known(
        &["timestamptz", "timestamp_with_time_zone"],
        "timestamp with time zone",
        "timestamptz",
        "TimestampWithTimeZone",
        TypeClass::DateTime,
    ),
    known(&["date"], "date", "date", "Date", TypeClass::DateTime),
    known(&["time"], "time without time zone", "time", "Time", TypeClass::DateTime),
    known(&["interval"], "interval", "interval", "Interval(None, None)", TypeClass::DateTime),
    known(&["uuid"], "uuid", "uuid", "Uuid", TypeClass::Uuid),
    known(&["jsonb", "json_binary"], "jsonb", "json_binary", "JsonBinary", TypeClass::Json),
    known(&["json"], "json", "json", "Json", TypeClass::Json),
    known(&["bytea", "binary", "blob", "var_binary"], "bytea", "binary", "Blob", TypeClass::Bytes),
    known(&["bit"], "bit", "bit", "Bit(None)", TypeClass::Other),
];

/// The types without a helper in the prelude: the names that a user may type, the name in PostgreSQL, and the class.
pub(super) const CUSTOM_TYPES: &[(&[&str], &str, TypeClass)] = &[
    (
        &["timestamp", "datetime", "date_time", "timestamp_without_time_zone"],
        "timestamp without time zone",
        TypeClass::DateTime,
    ),
    (&["timetz", "time_with_time_zone"], "time with time zone", TypeClass::DateTime),
    (&["varbit", "bit_varying"], "bit varying", TypeClass::Other),
    (&["citext"], "citext", TypeClass::Text),
    (&["name"], "name", TypeClass::Text),
    (&["cidr"], "cidr", TypeClass::Other),
    (&["inet"], "inet", TypeClass::Other),
    (&["macaddr", "mac_address", "mac_addr"], "macaddr", TypeClass::Other),
    (&["macaddr8"], "macaddr8", TypeClass::Other),
    (&["ltree", "l_tree"], "ltree", TypeClass::Other),
    (&["hstore"], "hstore", TypeClass::Unordered),
    (&["vector"], "vector", TypeClass::Unordered),
    (&["tsvector"], "tsvector", TypeClass::Array),
    (&["tsquery"], "tsquery", TypeClass::Unordered),
    (&["xml"], "xml", TypeClass::Unordered),
    (&["point"], "point", TypeClass::Unordered),
    (&["line"], "line", TypeClass::Unordered),
    (&["lseg"], "lseg", TypeClass::Unordered),
    (&["box"], "box", TypeClass::Unordered),
    (&["path"], "path", TypeClass::Unordered),
    (&["polygon"], "polygon", TypeClass::Unordered),
    (&["circle"], "circle", TypeClass::Unordered),
    (&["int4range"], "int4range", TypeClass::Other),
    (&["int8range"], "int8range", TypeClass::Other),
    (&["numrange"], "numrange", TypeClass::Other),
    (&["tsrange"], "tsrange", TypeClass::Other),
    (&["tstzrange"], "tstzrange", TypeClass::Other),
    (&["daterange"], "daterange", TypeClass::Other),
    (&["int4multirange"], "int4multirange", TypeClass::Other),
    (&["int8multirange"], "int8multirange", TypeClass::Other),
    (&["nummultirange"], "nummultirange", TypeClass::Other),
    (&["tsmultirange"], "tsmultirange", TypeClass::Other),
    (&["tstzmultirange"], "tstzmultirange", TypeClass::Other),
    (&["datemultirange"], "datemultirange", TypeClass::Other),
    (&["pg_lsn"], "pg_lsn", TypeClass::Other),
    (&["oid"], "oid", TypeClass::Other),
];

/// The types with a sequence, each with its integer type. SeaORM writes them with `auto_increment`.
pub(crate) const SERIAL_TYPES: &[(&str, &str)] =
    &[("serial", "integer"), ("bigserial", "bigint"), ("smallserial", "smallint")];

/// The fields that `interval(…)` takes instead of a precision, as in SeaORM's `PgInterval`.
pub(super) const INTERVAL_FIELDS: &[&str] = &[
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
