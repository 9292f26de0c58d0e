//! The tables, one file each.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
#![allow(
    rustdoc::all,
    clippy::doc_lazy_continuation,
    reason = "a comment in the database is text, and need not be Markdown"
)]

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};
use sea_orm::{ActiveEnum as _, ColumnDef, Schema};

#[path = "../by_hand/adult.rs"]
pub mod adult;
pub mod author;
pub mod enums;
pub mod event;
pub mod extra_passport;
pub mod letter;
#[path = "../by_hand/log.rs"]
pub mod log;
pub mod passport;
pub mod person;
pub mod player;
pub mod post;
pub mod stamp;
pub mod team;
pub mod type_row;

/// The tables of all entities, as SeaORM would create them.
#[must_use]
pub fn all_tables(schema: &Schema) -> Vec<TableCreateStatement> {
    vec![
        schema.create_table_from_entity(adult::Entity),
        schema.create_table_from_entity(author::Entity),
        schema.create_table_from_entity(event::Entity),
        schema.create_table_from_entity(extra_passport::Entity),
        schema.create_table_from_entity(letter::Entity),
        schema.create_table_from_entity(log::Entity),
        schema.create_table_from_entity(passport::Entity),
        schema.create_table_from_entity(person::Entity),
        schema.create_table_from_entity(player::Entity),
        schema.create_table_from_entity(post::Entity),
        schema.create_table_from_entity(stamp::Entity),
        schema.create_table_from_entity(team::Entity),
        schema.create_table_from_entity(type_row::Entity),
    ]
}

/// Their indexes: unique keys of several columns.
#[must_use]
pub fn all_indexes(schema: &Schema) -> Vec<IndexCreateStatement> {
    let each: Vec<Vec<IndexCreateStatement>> = vec![
        schema.create_index_from_entity(adult::Entity),
        schema.create_index_from_entity(author::Entity),
        schema.create_index_from_entity(event::Entity),
        schema.create_index_from_entity(extra_passport::Entity),
        schema.create_index_from_entity(letter::Entity),
        schema.create_index_from_entity(log::Entity),
        schema.create_index_from_entity(passport::Entity),
        schema.create_index_from_entity(person::Entity),
        schema.create_index_from_entity(player::Entity),
        schema.create_index_from_entity(post::Entity),
        schema.create_index_from_entity(stamp::Entity),
        schema.create_index_from_entity(team::Entity),
        schema.create_index_from_entity(type_row::Entity),
    ];
    each.concat()
}

/// The enum types, whichever entities have them.
#[must_use]
pub fn all_enums() -> Vec<ColumnDef> {
    vec![enums::Mood::db_type()]
}
