//! The enum types.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// The enum type `mood`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "\"pub.lic\".mood")]
pub enum PubLicMood {
    /// `x.y`.
    #[sea_orm(string_value = "x.y")]
    XY,
    /// `"`.
    #[sea_orm(string_value = "\"")]
    V22,
}

/// The enum type `Model`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "\"Model\"")]
pub enum ModelType {
    /// `t`.
    #[sea_orm(string_value = "t")]
    T,
}

/// The enum type `date_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "date_time")]
pub enum DateTimeType {
    /// `now`.
    #[sea_orm(string_value = "now")]
    Now,
}

/// The enum type `error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "error")]
pub enum ErrorType {
    /// `none`.
    #[sea_orm(string_value = "none")]
    None,
}

/// How.
///
/// let code = 1;
/// \`\`\`
/// fn main() { panic!() }
/// \`\`\`
/// */ /* {} !
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
pub enum Mood {
    /// ``.
    #[sea_orm(string_value = "")]
    V,
    /// `1st`.
    #[sea_orm(string_value = "1st")]
    V1st,
    /// `x🎉y`.
    #[sea_orm(string_value = "x🎉y")]
    XY,
    /// `🎉`.
    #[sea_orm(string_value = "🎉")]
    V1f389,
    /// `<=`.
    #[sea_orm(string_value = "<=")]
    V3c3d,
    /// `²`.
    #[sea_orm(string_value = "²")]
    B2,
    /// `none`.
    #[sea_orm(string_value = "none")]
    None,
    /// `Some`.
    #[sea_orm(string_value = "Some")]
    Some,
    /// `it's`.
    #[sea_orm(string_value = "it's")]
    ItS,
    /// `new
    /// line`.
    #[sea_orm(string_value = "new\nline")]
    NewLine,
    /// `a",
    /// 'b`.
    #[sea_orm(string_value = "a\",\n    'b")]
    AB,
    /// `*/`.
    #[sea_orm(string_value = "*/")]
    V2a2f,
    /// \`\`\```.
    #[sea_orm(string_value = "```")]
    V606060,
    /// `größe`.
    #[sea_orm(string_value = "größe")]
    Größe,
}

/// The enum type `option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "option")]
pub enum OptionType {
    /// `none`.
    #[sea_orm(string_value = "none")]
    None,
}

/// The enum type `result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "result")]
pub enum ResultType {
    /// `ok`.
    #[sea_orm(string_value = "ok")]
    Ok,
}

/// The enum type `string`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "string")]
pub enum StringType {
    /// `a`.
    #[sea_orm(string_value = "a")]
    A,
}

/// The enum type `a "b"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "type.\"a \"\"b\"\"\"")]
pub enum TypeAB {
    /// `A`.
    #[sea_orm(string_value = "A")]
    A,
}
