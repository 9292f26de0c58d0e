//! `models`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `models`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "models")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `parent_id`: uuid.
    pub parent_id: Option<Uuid>,
    /// The column `model_id`: uuid.
    pub model_id: Option<Uuid>,
    /// The row of `models` that it belongs to.
    #[sea_orm(self_ref, relation_enum = "Model", from = "model_id", to = "id")]
    pub model: BelongsTo<Option<Entity>>,
    /// The row of `models` that it belongs to.
    #[sea_orm(self_ref, relation_enum = "Parent", from = "parent_id", to = "id")]
    pub parent: BelongsTo<Option<Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
