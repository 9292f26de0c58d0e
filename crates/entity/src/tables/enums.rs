//! The enum types.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// What kind of product it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "product_type")]
pub enum ProductType {
    /// What an organization subscribes to; one at a time.
    #[sea_orm(string_value = "plan")]
    Plan,
    /// What it adds to its plan; any number.
    #[sea_orm(string_value = "addon")]
    Addon,
}
