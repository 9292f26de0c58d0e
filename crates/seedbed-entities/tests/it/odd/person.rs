//! `people`: everybody.
//! Whoever [is] <not> here: https://example.com.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `people`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The column `Full Name`: character varying(80).
    #[sea_orm(column_name = "Full Name", column_type = "String(StringLen::N(80))", unique)]
    pub full_name: String,
    /// The column `type`: text.
    #[sea_orm(column_name = "type", column_type = "Text")]
    pub person_type: Option<String>,
    /// The column `match`: text.
    #[sea_orm(column_name = "match", column_type = "Text")]
    pub person_match: Option<String>,
    /// The column `Self`: text.
    #[sea_orm(column_name = "Self", column_type = "Text")]
    pub person_self: Option<String>,
    /// The column `line_2`: character(2).
    #[sea_orm(column_name = "line_2", column_type = "Char(Some(2))")]
    pub line_2: Option<String>,
    /// The column `weight`: real.
    pub weight: Option<f32>,
    /// In the town. Or not.
    pub born: Option<Date>,
    /// The column `wakes`: time without time zone.
    pub wakes: Option<Time>,
    /// The column `seen`: timestamp without time zone.
    pub seen: DateTime,
    /// The column `mood`: mood.
    /// The database has a default for it.
    pub mood: Mood,
    /// The column `boss_id`: bigint.
    pub boss_id: Option<i64>,
    /// The column `friend_id`: bigint.
    pub friend_id: Option<i64>,
    /// The column `raw`: bytea.
    pub raw: Option<Vec<u8>>,
    /// The column `extra`: jsonb.
    /// The database has a default for it.
    #[sea_orm(column_type = "JsonBinary")]
    pub extra: Json,
    /// The column `initials`: text.
    /// Made by the database.
    #[sea_orm(column_type = "Text")]
    pub initials: Option<String>,
    /// The row of `people` that it belongs to.
    #[sea_orm(self_ref, relation_enum = "Boss", from = "boss_id", to = "id")]
    pub boss: BelongsTo<Option<Entity>>,
    /// The row of `people` that it belongs to.
    #[sea_orm(self_ref, relation_enum = "Friend", from = "friend_id", to = "id")]
    pub friend: BelongsTo<Option<Entity>>,
    /// The row of `passports` that belongs to it.
    #[sea_orm(has_one)]
    pub extra_passport: HasOne<super::extra_passport::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
