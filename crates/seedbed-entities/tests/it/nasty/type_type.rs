//! `type`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `type`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "type", table_name = "type")]
pub struct Model {
    /// The column `type`: text.
    #[sea_orm(primary_key, auto_increment = false, column_name = "type", column_type = "Text")]
    pub type_type_type: String,
    /// The column `users_id`: uuid.
    #[sea_orm(unique)]
    pub users_id: Uuid,
    /// The row of `users` that it belongs to.
    #[sea_orm(belongs_to, from = "users_id", to = "id")]
    pub users: BelongsTo<super::pub_lic_user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
