//! `organizations`: who pays.
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
    /// The customer at Stripe, once there is one; unique.
    #[sea_orm(unique)]
    pub stripe_customer_id: Option<String>,
    /// When the row was inserted.
    pub created_at: DateTimeWithTimeZone,
    /// When the row was last changed.
    pub updated_at: DateTimeWithTimeZone,
    /// Who belongs to it, and as what.
    #[sea_orm(has_many)]
    pub memberships: HasMany<super::organization_member::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
