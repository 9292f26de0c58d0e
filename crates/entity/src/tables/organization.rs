//! `organizations`: who pays.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `organizations`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As its members write it.
    pub name: String,
    /// As URLs write it; unique.
    #[sea_orm(unique)]
    pub slug: String,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
    /// The customer at Stripe, once there is one; unique.
    #[sea_orm(unique)]
    pub stripe_customer_id: Option<String>,
    /// The rows of `organization_members` that belong to it.
    #[sea_orm(has_many)]
    pub organization_members: HasMany<super::organization_member::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
