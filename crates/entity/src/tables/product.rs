//! `products`: what an organization can buy.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

pub use super::enums::ProductType;

/// A row of `products`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As customers see it; unique among products of its type.
    #[sea_orm(unique_key = "name_product_type")]
    pub name: String,
    /// What kind of product it is.
    #[sea_orm(column_name = "type", unique_key = "name_product_type")]
    pub product_type: ProductType,
    /// The product at the payment provider, once there is one; unique.
    #[sea_orm(unique)]
    pub external_id: Option<String>,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
}

impl ActiveModelBehavior for ActiveModel {}
