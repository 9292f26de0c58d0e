//! The tables, one file each.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
#![allow(
    rustdoc::all,
    clippy::doc_lazy_continuation,
    reason = "a comment in the database is text, and need not be Markdown"
)]

use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};
use sea_orm::{ActiveEnum as _, ColumnDef, Schema};

pub mod enums;
pub mod kind;
pub mod list;
pub mod lookup;
pub mod span;

/// The tables of all entities, as SeaORM would create them.
#[must_use]
pub fn all_tables(schema: &Schema) -> Vec<TableCreateStatement> {
    vec![
        schema.create_table_from_entity(kind::Entity),
        schema.create_table_from_entity(list::Entity),
        schema.create_table_from_entity(lookup::Entity),
        schema.create_table_from_entity(span::Entity),
    ]
}

/// Their indexes: unique keys of several columns.
#[must_use]
pub fn all_indexes(schema: &Schema) -> Vec<IndexCreateStatement> {
    let each: Vec<Vec<IndexCreateStatement>> = vec![
        schema.create_index_from_entity(kind::Entity),
        schema.create_index_from_entity(list::Entity),
        schema.create_index_from_entity(lookup::Entity),
        schema.create_index_from_entity(span::Entity),
    ];
    each.concat()
}

/// The enum types, whichever entities have them.
#[must_use]
pub fn all_enums() -> Vec<ColumnDef> {
    vec![enums::ExtraMood::db_type(), enums::Mood::db_type(), enums::Size::db_type()]
}
