//! The enum types.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// How somebody feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
pub enum Mood {
    /// Neither, nor.
    #[sea_orm(string_value = "so so")]
    SoSo,
    /// `2nd`.
    #[sea_orm(string_value = "2nd")]
    V2nd,
    /// `it's "fine"`.
    #[sea_orm(string_value = "it's \"fine\"")]
    ItSFine,
}
