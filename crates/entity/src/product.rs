//! `products`: what an organization can buy.
use sea_orm::entity::prelude::*;

/// A row of `products`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As customers see it; unique among products of its type.
    #[sea_orm(unique_key = "type_name")]
    pub name: String,
    /// What kind of product it is. Not `r#type`: SeaORM's typed columns stumble over it.
    #[sea_orm(column_name = "type", unique_key = "type_name")]
    pub product_type: ProductType,
    /// The product at the payment provider, once there is one; unique.
    #[sea_orm(unique)]
    pub external_id: Option<String>,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
}

/// The enum type `product_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "product_type",
    rename_all = "snake_case"
)]
pub enum ProductType {
    /// What an organization subscribes to; one at a time.
    Plan,
    /// What it adds to its plan; any number.
    Addon,
}

impl ActiveModelBehavior for ActiveModel {}
