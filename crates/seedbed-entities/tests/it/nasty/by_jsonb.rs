//! `by_jsonb`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_jsonb`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_jsonb")]
pub struct Model {
    /// The column `key`: jsonb.
    #[sea_orm(primary_key, auto_increment = false, column_type = "JsonBinary")]
    pub key: Json,
}

impl ActiveModelBehavior for ActiveModel {}
