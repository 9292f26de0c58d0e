//! `a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b`.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
use sea_orm::entity::prelude::*;

/// A row of `a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b")]
pub struct Model {
    /// Made by the database.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The column `other_id`: integer.
    pub other_id: Option<i32>,
    /// The row of `a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b` that it belongs to.
    #[sea_orm(self_ref, relation_enum = "Other", from = "other_id", to = "id")]
    pub other: BelongsTo<Option<Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
