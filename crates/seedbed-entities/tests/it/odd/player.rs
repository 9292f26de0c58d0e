//! `players`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `players`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "players")]
pub struct Model {
    /// The column `id`: uuid.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The column `team_id`: uuid.
    pub team_id: Uuid,
    /// The column `town`: text.
    #[sea_orm(column_type = "Text")]
    pub town: String,
    /// The column `house`: text.
    #[sea_orm(column_type = "Text")]
    pub house: String,
    /// The row of `Teams` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "Team", from = "team_id", to = "id")]
    pub team: BelongsTo<super::team::Entity>,
    /// The row of `Teams` that it belongs to.
    #[sea_orm(belongs_to, relation_enum = "TeamRow", from = "(town, house)", to = "(town, house)")]
    pub team_row: BelongsTo<super::team::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
