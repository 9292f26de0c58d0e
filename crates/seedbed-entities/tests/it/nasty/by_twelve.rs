//! `by_twelve`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::Mood;

/// A row of `by_twelve`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_twelve")]
pub struct Model {
    /// The column `a`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub a: i32,
    /// The column `b`: mood.
    #[sea_orm(primary_key, auto_increment = false)]
    pub b: Mood,
    /// The column `c`: text.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub c: String,
    /// The column `d`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub d: Uuid,
    /// The column `e`: bytea.
    #[sea_orm(primary_key, auto_increment = false)]
    pub e: Vec<u8>,
    /// The column `f`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub f: i32,
    /// The column `g`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub g: i32,
    /// The column `h`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub h: i32,
    /// The column `i`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub i: i32,
    /// The column `j`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub j: i32,
    /// The column `k`: date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub k: Date,
    /// The column `l`: integer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub l: i32,
}

impl ActiveModelBehavior for ActiveModel {}
