//! The tables, one file each.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
#![allow(
    rustdoc::all,
    clippy::doc_lazy_continuation,
    reason = "a comment in the database is text, and need not be Markdown"
)]

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};
use sea_orm::{ActiveEnum as _, ColumnDef, Schema};

pub mod country;
pub mod enums;
pub mod gadget;
pub mod gadgets_mood;
pub mod number;
pub mod owner;
pub mod visit;

/// The tables of all entities, as SeaORM would create them.
#[must_use]
pub fn all_tables(schema: &Schema) -> Vec<TableCreateStatement> {
    vec![
        schema.create_table_from_entity(country::Entity),
        schema.create_table_from_entity(gadget::Entity),
        schema.create_table_from_entity(gadgets_mood::Entity),
        schema.create_table_from_entity(number::Entity),
        schema.create_table_from_entity(owner::Entity),
        schema.create_table_from_entity(visit::Entity),
    ]
}

/// Their indexes: unique keys of several columns.
#[must_use]
pub fn all_indexes(schema: &Schema) -> Vec<IndexCreateStatement> {
    let each: Vec<Vec<IndexCreateStatement>> = vec![
        schema.create_index_from_entity(country::Entity),
        schema.create_index_from_entity(gadget::Entity),
        schema.create_index_from_entity(gadgets_mood::Entity),
        schema.create_index_from_entity(number::Entity),
        schema.create_index_from_entity(owner::Entity),
        schema.create_index_from_entity(visit::Entity),
    ];
    each.concat()
}

/// The enum types, whichever entities have them.
#[must_use]
pub fn all_enums() -> Vec<ColumnDef> {
    vec![enums::Mood::db_type()]
}
