//! `users`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::PubLicMood;
pub use super::enums::TypeAB;

/// A row of `users`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "pub.lic", table_name = "users")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `mood`: "pub.lic".mood.
    #[sea_orm(
        column_type = "custom(\"\\\"pub.lic\\\".mood\")",
        select_as = "text",
        save_as = "\"pub.lic\".mood"
    )]
    pub mood: PubLicMood,
    /// The column `moods`: "pub.lic".mood[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"\\\"pub.lic\\\".mood[]\")",
        select_as = "text[]",
        save_as = "\"pub.lic\".mood[]"
    )]
    pub moods: Option<Vec<PubLicMood>>,
    /// The column `b`: type."a ""b""".
    #[sea_orm(
        column_type = "custom(\"type.\\\"a \\\"\\\"b\\\"\\\"\\\"\")",
        select_as = "text",
        save_as = "type.\"a \"\"b\"\"\""
    )]
    pub b: Option<TypeAB>,
    /// The column `d`: "Übel, schema"."d.o".
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(
        column_type = "custom(\"\\\"Übel, schema\\\".\\\"d.o\\\"\")",
        select_as = "text[]",
        save_as = "\"Übel, schema\".\"d.o\""
    )]
    pub d: Option<Vec<PubLicMood>>,
    /// The column `user_id`: uuid.
    pub user_id: Option<Uuid>,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "user_id", to = "id")]
    pub user: BelongsTo<Option<super::user::Entity>>,
    /// The row of `type` that belongs to it.
    #[sea_orm(has_one)]
    pub type_type: HasOne<super::type_type::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
