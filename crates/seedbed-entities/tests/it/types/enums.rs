//! The enum types.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// The enum type `mood`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "extra.mood")]
pub enum ExtraMood {
    /// `loud`.
    #[sea_orm(string_value = "loud")]
    Loud,
    /// `quiet`.
    #[sea_orm(string_value = "quiet")]
    Quiet,
}

/// The enum type `Size`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "\"Size\"")]
pub enum Size {
    /// `s`.
    #[sea_orm(string_value = "s")]
    S,
    /// `XL`.
    #[sea_orm(string_value = "XL")]
    Xl,
}

/// The enum type `mood`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
pub enum Mood {
    /// `glad`.
    #[sea_orm(string_value = "glad")]
    Glad,
    /// `so so`.
    #[sea_orm(string_value = "so so")]
    SoSo,
}
