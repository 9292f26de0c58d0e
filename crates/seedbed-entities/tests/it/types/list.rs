//! `lists`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::ExtraMood;
pub use super::enums::Mood;
pub use super::enums::Size;

/// A row of `lists`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lists")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `some_smallint`: smallint[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"smallint[]\")")]
    pub some_smallint: Option<Vec<i16>>,
    /// The column `some_integer`: integer[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"integer[]\")")]
    pub some_integer: Option<Vec<i32>>,
    /// The column `some_bigint`: bigint[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"bigint[]\")")]
    pub some_bigint: Option<Vec<i64>>,
    /// The column `some_numeric`: numeric[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"numeric[]\")")]
    pub some_numeric: Option<Vec<Decimal>>,
    /// The column `some_price`: numeric(10,2)[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"numeric(10,2)[]\")")]
    pub some_price: Option<Vec<Decimal>>,
    /// The column `some_real`: real[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"real[]\")")]
    pub some_real: Option<Vec<f32>>,
    /// The column `some_double`: double precision[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"double precision[]\")")]
    pub some_double: Option<Vec<f64>>,
    /// The column `some_money`: money[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"money[]\")", select_as = "numeric[]", save_as = "money[]")]
    pub some_money: Option<Vec<Decimal>>,
    /// The column `some_varchar`: character varying(20)[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"character varying(20)[]\")")]
    pub some_varchar: Option<Vec<String>>,
    /// The column `some_char`: character(3)[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"character(3)[]\")")]
    pub some_char: Option<Vec<String>>,
    /// The column `some_text`: text[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"text[]\")")]
    pub some_text: Option<Vec<String>>,
    /// The column `some_citext`: citext[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"citext[]\")", select_as = "text[]", save_as = "citext[]")]
    pub some_citext: Option<Vec<String>>,
    /// The column `some_bytea`: bytea[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"bytea[]\")")]
    pub some_bytea: Option<Vec<Vec<u8>>>,
    /// The column `some_timestamptz`: timestamp with time zone[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"timestamp with time zone[]\")")]
    pub some_timestamptz: Option<Vec<DateTimeWithTimeZone>>,
    /// The column `some_rough_timestamp`: timestamp(3) without time zone[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"timestamp(3) without time zone[]\")")]
    pub some_rough_timestamp: Option<Vec<DateTime>>,
    /// The column `some_date`: date[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"date[]\")")]
    pub some_date: Option<Vec<Date>>,
    /// The column `some_time`: time without time zone[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"time without time zone[]\")")]
    pub some_time: Option<Vec<Time>>,
    /// The column `some_timetz`: time with time zone[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"time with time zone[]\")",
        select_as = "text[]",
        save_as = "time with time zone[]"
    )]
    pub some_timetz: Option<Vec<String>>,
    /// The column `some_interval`: interval[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"interval[]\")",
        select_as = "text[]",
        save_as = "interval[]"
    )]
    pub some_interval: Option<Vec<String>>,
    /// The column `some_boolean`: boolean[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"boolean[]\")")]
    pub some_boolean: Option<Vec<bool>>,
    /// The column `some_point`: point[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"point[]\")", select_as = "text[]", save_as = "point[]")]
    pub some_point: Option<Vec<String>>,
    /// The column `some_inet`: inet[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"inet[]\")")]
    pub some_inet: Option<Vec<IpNetwork>>,
    /// The column `some_cidr`: cidr[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"cidr[]\")")]
    pub some_cidr: Option<Vec<IpNetwork>>,
    /// The column `some_macaddr`: macaddr[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"macaddr[]\")", select_as = "text[]", save_as = "macaddr[]")]
    pub some_macaddr: Option<Vec<String>>,
    /// The column `some_bit`: bit(3)[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"bit(3)[]\")",
        select_as = "text[]",
        save_as = "bit varying[]"
    )]
    pub some_bit: Option<Vec<String>>,
    /// The column `some_uuid`: uuid[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"uuid[]\")")]
    pub some_uuid: Option<Vec<Uuid>>,
    /// The column `some_json`: json[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"json[]\")")]
    pub some_json: Option<Vec<Json>>,
    /// The column `some_jsonb`: jsonb[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"jsonb[]\")")]
    pub some_jsonb: Option<Vec<Json>>,
    /// The column `some_range`: int4range[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"int4range[]\")",
        select_as = "text[]",
        save_as = "int4range[]"
    )]
    pub some_range: Option<Vec<String>>,
    /// The column `some_pair`: pair[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"pair[]\")", select_as = "text[]", save_as = "pair[]")]
    pub some_pair: Option<Vec<String>>,
    /// The column `some_mood`: mood[].
    /// A list with a NULL in it, or of lists, cannot be read.
    pub some_mood: Option<Vec<Mood>>,
    /// The column `some_size`: "Size"[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"\\\"Size\\\"[]\")",
        select_as = "text[]",
        save_as = "\"Size\"[]"
    )]
    pub some_size: Option<Vec<Size>>,
    /// The column `some_extra_mood`: extra.mood[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"extra.mood[]\")",
        select_as = "text[]",
        save_as = "extra.mood[]"
    )]
    pub some_extra_mood: Option<Vec<ExtraMood>>,
    /// The column `some_domain`: price[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"price[]\")",
        select_as = "numeric(10,2)[]",
        save_as = "price[]"
    )]
    pub some_domain: Option<Vec<Decimal>>,
    /// The column `some_domain_of_citext`: email[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"email[]\")", select_as = "text[]", save_as = "email[]")]
    pub some_domain_of_citext: Option<Vec<String>>,
    /// The column `some_domain_of_an_enum`: temper[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"temper[]\")", select_as = "text[]", save_as = "temper[]")]
    pub some_domain_of_an_enum: Option<Vec<Mood>>,
}

impl ActiveModelBehavior for ActiveModel {}
