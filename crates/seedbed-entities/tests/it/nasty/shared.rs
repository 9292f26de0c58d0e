//! `shared`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `shared`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shared")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `a`: integer.
    #[sea_orm(unique_key = "a_b_key")]
    pub a: i32,
    /// The column `b`: integer.
    #[sea_orm(unique_key = "a_b_key")]
    pub b: i32,
    /// The column `a_b`: integer.
    #[sea_orm(column_name = "a_b", unique)]
    pub a_b: i32,
    /// The column `c`: integer.
    #[sea_orm(unique_key = "c_d_a")]
    pub c: Option<i32>,
    /// The column `b_c`: integer.
    #[sea_orm(column_name = "b_c", unique_key = "b_c_e")]
    pub b_c: Option<i32>,
    /// The column `d_a`: integer.
    #[sea_orm(column_name = "d_a", unique_key = "c_d_a")]
    pub d_a: Option<i32>,
    /// The column `e`: integer.
    #[sea_orm(unique_key = "b_c_e")]
    pub e: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
