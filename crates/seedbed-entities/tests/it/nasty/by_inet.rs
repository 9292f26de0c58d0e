//! `by_inet`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `by_inet`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "by_inet")]
pub struct Model {
    /// The column `key`: inet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: IpNetwork,
}

impl ActiveModelBehavior for ActiveModel {}
