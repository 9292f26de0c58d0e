//! `lookups`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `lookups`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lookups")]
pub struct Model {
    /// The column `address`: citext.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "custom(\"citext\")",
        select_as = "text",
        save_as = "citext"
    )]
    pub address: String,
    /// The column `network`: inet.
    #[sea_orm(unique)]
    pub network: IpNetwork,
    /// The column `weight`: heavy.
    #[sea_orm(column_type = "custom(\"heavy\")")]
    pub weight: Decimal,
}

impl ActiveModelBehavior for ActiveModel {}
