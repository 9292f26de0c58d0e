//! `moods`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::DateTimeType;
pub use super::enums::ErrorType;
pub use super::enums::ModelType;
pub use super::enums::Mood;
pub use super::enums::OptionType;
pub use super::enums::ResultType;
pub use super::enums::StringType;

/// A row of `moods`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moods")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `mood`: mood.
    pub mood: Mood,
    /// The column `kin`: kin.
    #[sea_orm(column_type = "custom(\"kin\")", select_as = "text", save_as = "kin")]
    pub kin: String,
    /// The column `size`: size.
    #[sea_orm(column_type = "custom(\"size\")", select_as = "text", save_as = "size")]
    pub size: Option<String>,
    /// The column `same`: same[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"same[]\")", select_as = "text[]", save_as = "same[]")]
    pub same: Option<Vec<String>>,
    /// The column `option`: option.
    pub option: Option<OptionType>,
    /// The column `model`: "Model".
    #[sea_orm(
        column_type = "custom(\"\\\"Model\\\"\")",
        select_as = "text",
        save_as = "\"Model\""
    )]
    pub model: Option<ModelType>,
    /// The column `string`: string.
    /// The database has a default for it.
    pub string: StringType,
    /// The column `result`: result[].
    /// A list with a NULL in it, or of lists, cannot be read.
    pub result: Option<Vec<ResultType>>,
    /// The column `date_time`: date_time.
    pub date_time: DateTimeType,
    /// The column `error`: error.
    pub error: Option<ErrorType>,
    /// The column `moods`: mood[].
    /// A list with a NULL in it, or of lists, cannot be read.
    pub moods: Option<Vec<Mood>>,
    /// The column `domain`: "a AS b".
    #[sea_orm(column_type = "custom(\"\\\"a AS b\\\"\")")]
    pub domain: Option<String>,
    /// The column `kind`: kind.
    #[sea_orm(column_type = "custom(\"kind\")", select_as = "text", save_as = "kind")]
    pub kind: Option<Mood>,
    /// The column `kinds`: kind[].
    /// A list with a NULL in it, or of lists, cannot be read.
    #[sea_orm(column_type = "custom(\"kind[]\")", select_as = "text[]", save_as = "kind[]")]
    pub kinds: Option<Vec<Mood>>,
    /// The column `at`: timestamp without time zone.
    pub at: Option<DateTime>,
}

impl ActiveModelBehavior for ActiveModel {}
