//! `kinds`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::ExtraMood;
pub use super::enums::Mood;
pub use super::enums::Size;

/// A row of `kinds`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kinds")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `a_smallint`: smallint.
    pub a_smallint: Option<i16>,
    /// The column `a_integer`: integer.
    pub a_integer: Option<i32>,
    /// The column `a_bigint`: bigint.
    pub a_bigint: Option<i64>,
    /// The column `a_numeric`: numeric.
    #[sea_orm(column_type = "Decimal(None)")]
    pub a_numeric: Option<Decimal>,
    /// The column `a_price`: numeric(10,2).
    #[sea_orm(column_type = "Decimal(Some((10, 2)))")]
    pub a_price: Option<Decimal>,
    /// The column `a_rounded`: numeric(5,0).
    #[sea_orm(column_type = "Decimal(Some((5, 0)))")]
    pub a_rounded: Option<Decimal>,
    /// The column `a_real`: real.
    pub a_real: Option<f32>,
    /// The column `a_double`: double precision.
    pub a_double: Option<f64>,
    /// The column `a_money`: money.
    #[sea_orm(column_type = "Money(None)", select_as = "numeric", save_as = "money")]
    pub a_money: Option<Decimal>,
    /// The column `a_varchar`: character varying.
    pub a_varchar: Option<String>,
    /// The column `a_short_varchar`: character varying(20).
    #[sea_orm(column_type = "String(StringLen::N(20))")]
    pub a_short_varchar: Option<String>,
    /// The column `a_char`: character(3).
    #[sea_orm(column_type = "Char(Some(3))")]
    pub a_char: Option<String>,
    /// The column `a_text`: text.
    #[sea_orm(column_type = "Text")]
    pub a_text: Option<String>,
    /// The column `a_name`: name.
    #[sea_orm(column_type = "custom(\"name\")", select_as = "text", save_as = "name")]
    pub a_name: Option<String>,
    /// The column `a_citext`: citext.
    #[sea_orm(column_type = "custom(\"citext\")", select_as = "text", save_as = "citext")]
    pub a_citext: Option<String>,
    /// The column `a_bytea`: bytea.
    pub a_bytea: Option<Vec<u8>>,
    /// The column `a_timestamptz`: timestamp with time zone.
    pub a_timestamptz: Option<DateTimeWithTimeZone>,
    /// The column `a_rough_timestamptz`: timestamp(0) with time zone.
    #[sea_orm(column_type = "custom(\"timestamp(0) with time zone\")")]
    pub a_rough_timestamptz: Option<DateTimeWithTimeZone>,
    /// The column `a_timestamp`: timestamp without time zone.
    pub a_timestamp: Option<DateTime>,
    /// The column `a_rough_timestamp`: timestamp(3) without time zone.
    #[sea_orm(column_type = "custom(\"timestamp(3) without time zone\")")]
    pub a_rough_timestamp: Option<DateTime>,
    /// The column `a_date`: date.
    pub a_date: Option<Date>,
    /// The column `a_time`: time without time zone.
    pub a_time: Option<Time>,
    /// The column `a_rough_time`: time(0) without time zone.
    #[sea_orm(column_type = "custom(\"time(0) without time zone\")")]
    pub a_rough_time: Option<Time>,
    /// The column `a_timetz`: time with time zone.
    #[sea_orm(
        column_type = "custom(\"time with time zone\")",
        select_as = "text",
        save_as = "time with time zone"
    )]
    pub a_timetz: Option<String>,
    /// The column `a_interval`: interval.
    #[sea_orm(column_type = "custom(\"interval\")", select_as = "text", save_as = "interval")]
    pub a_interval: Option<String>,
    /// The column `a_year_interval`: interval year to month.
    #[sea_orm(
        column_type = "custom(\"interval year to month\")",
        select_as = "text",
        save_as = "interval year to month"
    )]
    pub a_year_interval: Option<String>,
    /// The column `a_boolean`: boolean.
    pub a_boolean: Option<bool>,
    /// The column `a_point`: point.
    #[sea_orm(column_type = "custom(\"point\")", select_as = "text", save_as = "point")]
    pub a_point: Option<String>,
    /// The column `a_line`: line.
    #[sea_orm(column_type = "custom(\"line\")", select_as = "text", save_as = "line")]
    pub a_line: Option<String>,
    /// The column `a_lseg`: lseg.
    #[sea_orm(column_type = "custom(\"lseg\")", select_as = "text", save_as = "lseg")]
    pub a_lseg: Option<String>,
    /// The column `a_box`: box.
    #[sea_orm(column_type = "custom(\"box\")", select_as = "text", save_as = "box")]
    pub a_box: Option<String>,
    /// The column `a_path`: path.
    #[sea_orm(column_type = "custom(\"path\")", select_as = "text", save_as = "path")]
    pub a_path: Option<String>,
    /// The column `a_polygon`: polygon.
    #[sea_orm(column_type = "custom(\"polygon\")", select_as = "text", save_as = "polygon")]
    pub a_polygon: Option<String>,
    /// The column `a_circle`: circle.
    #[sea_orm(column_type = "custom(\"circle\")", select_as = "text", save_as = "circle")]
    pub a_circle: Option<String>,
    /// The column `a_cidr`: cidr.
    #[sea_orm(column_type = "Cidr")]
    pub a_cidr: Option<IpNetwork>,
    /// The column `a_inet`: inet.
    pub a_inet: Option<IpNetwork>,
    /// The column `a_macaddr`: macaddr.
    #[sea_orm(column_type = "custom(\"macaddr\")", select_as = "text", save_as = "macaddr")]
    pub a_macaddr: Option<String>,
    /// The column `a_macaddr8`: macaddr8.
    #[sea_orm(column_type = "custom(\"macaddr8\")", select_as = "text", save_as = "macaddr8")]
    pub a_macaddr8: Option<String>,
    /// The column `a_bit`: bit(3).
    #[sea_orm(column_type = "custom(\"bit(3)\")", select_as = "text", save_as = "bit varying")]
    pub a_bit: Option<String>,
    /// The column `a_varbit`: bit varying(8).
    #[sea_orm(
        column_type = "custom(\"bit varying(8)\")",
        select_as = "text",
        save_as = "bit varying"
    )]
    pub a_varbit: Option<String>,
    /// The column `a_tsvector`: tsvector.
    #[sea_orm(column_type = "custom(\"tsvector\")", select_as = "text", save_as = "tsvector")]
    pub a_tsvector: Option<String>,
    /// The column `a_tsquery`: tsquery.
    #[sea_orm(column_type = "custom(\"tsquery\")", select_as = "text", save_as = "tsquery")]
    pub a_tsquery: Option<String>,
    /// The column `a_uuid`: uuid.
    pub a_uuid: Option<Uuid>,
    /// The column `a_xml`: xml.
    #[sea_orm(column_type = "custom(\"xml\")", select_as = "text", save_as = "xml")]
    pub a_xml: Option<String>,
    /// The column `a_json`: json.
    #[sea_orm(column_type = "Json")]
    pub a_json: Option<Json>,
    /// The column `a_jsonb`: jsonb.
    #[sea_orm(column_type = "JsonBinary")]
    pub a_jsonb: Option<Json>,
    /// The column `a_jsonpath`: jsonpath.
    #[sea_orm(column_type = "custom(\"jsonpath\")", select_as = "text", save_as = "jsonpath")]
    pub a_jsonpath: Option<String>,
    /// The column `a_int4range`: int4range.
    #[sea_orm(column_type = "custom(\"int4range\")", select_as = "text", save_as = "int4range")]
    pub a_int4range: Option<String>,
    /// The column `a_numrange`: numrange.
    #[sea_orm(column_type = "custom(\"numrange\")", select_as = "text", save_as = "numrange")]
    pub a_numrange: Option<String>,
    /// The column `a_tstzrange`: tstzrange.
    #[sea_orm(column_type = "custom(\"tstzrange\")", select_as = "text", save_as = "tstzrange")]
    pub a_tstzrange: Option<String>,
    /// The column `a_daterange`: daterange.
    #[sea_orm(column_type = "custom(\"daterange\")", select_as = "text", save_as = "daterange")]
    pub a_daterange: Option<String>,
    /// The column `a_multirange`: int4multirange.
    #[sea_orm(
        column_type = "custom(\"int4multirange\")",
        select_as = "text",
        save_as = "int4multirange"
    )]
    pub a_multirange: Option<String>,
    /// The column `a_pg_lsn`: pg_lsn.
    #[sea_orm(column_type = "custom(\"pg_lsn\")", select_as = "text", save_as = "pg_lsn")]
    pub a_pg_lsn: Option<String>,
    /// The column `a_oid`: oid.
    #[sea_orm(column_type = "custom(\"oid\")", select_as = "text", save_as = "oid")]
    pub a_oid: Option<String>,
    /// The column `a_regclass`: regclass.
    #[sea_orm(column_type = "custom(\"regclass\")", select_as = "text", save_as = "regclass")]
    pub a_regclass: Option<String>,
    /// The column `a_letter`: "char".
    #[sea_orm(column_type = "custom(\"\\\"char\\\"\")", select_as = "text", save_as = "\"char\"")]
    pub a_letter: Option<String>,
    /// The column `a_hstore`: hstore.
    #[sea_orm(column_type = "custom(\"hstore\")", select_as = "text", save_as = "hstore")]
    pub a_hstore: Option<String>,
    /// The column `a_ltree`: extra.ltree.
    #[sea_orm(
        column_type = "custom(\"extra.ltree\")",
        select_as = "text",
        save_as = "extra.ltree"
    )]
    pub a_ltree: Option<String>,
    /// The column `a_pair`: pair.
    #[sea_orm(column_type = "custom(\"pair\")", select_as = "text", save_as = "pair")]
    pub a_pair: Option<String>,
    /// The column `a_nothing`: nothing.
    #[sea_orm(column_type = "custom(\"nothing\")", select_as = "text", save_as = "nothing")]
    pub a_nothing: Option<String>,
    /// The column `a_mood`: mood.
    pub a_mood: Option<Mood>,
    /// The column `a_size`: "Size".
    #[sea_orm(column_type = "custom(\"\\\"Size\\\"\")", select_as = "text", save_as = "\"Size\"")]
    pub a_size: Option<Size>,
    /// The column `a_extra_mood`: extra.mood.
    #[sea_orm(column_type = "custom(\"extra.mood\")", select_as = "text", save_as = "extra.mood")]
    pub a_extra_mood: Option<ExtraMood>,
    /// The column `a_domain`: price.
    #[sea_orm(column_type = "custom(\"price\")")]
    pub a_domain: Option<Decimal>,
    /// The column `a_domain_of_a_domain`: net_price.
    #[sea_orm(column_type = "custom(\"net_price\")")]
    pub a_domain_of_a_domain: Option<Decimal>,
    /// The column `a_domain_of_citext`: email.
    #[sea_orm(column_type = "custom(\"email\")", select_as = "text", save_as = "email")]
    pub a_domain_of_citext: Option<String>,
    /// The column `a_domain_of_an_enum`: temper.
    #[sea_orm(column_type = "custom(\"temper\")", select_as = "text", save_as = "temper")]
    pub a_domain_of_an_enum: Option<Mood>,
    /// The column `a_domain_of_an_array`: tempers.
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"tempers\")", select_as = "text[]", save_as = "tempers")]
    pub a_domain_of_an_array: Option<Vec<Mood>>,
    /// The column `a_domain_with_a_length`: slug.
    #[sea_orm(column_type = "custom(\"slug\")")]
    pub a_domain_with_a_length: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
