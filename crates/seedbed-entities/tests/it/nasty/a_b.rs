//! `a.b`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `a.b`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "a.b")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The rows of `A "b" c` that belong to it.
    #[sea_orm(has_many)]
    pub a_b_c: HasMany<super::a_b_c::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
