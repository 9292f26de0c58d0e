//! `adults`: without settings, a view only has an entity if it is written by hand.
use sea_orm::entity::prelude::*;

/// A row of `adults`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adults")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
