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
pub mod organization;
pub mod organization_member;
pub mod product;
pub mod role;
pub mod user;

/// The tables of all entities, as SeaORM would create them.
#[must_use]
pub fn all_tables(schema: &Schema) -> Vec<TableCreateStatement> {
    vec![
        schema.create_table_from_entity(organization::Entity),
        schema.create_table_from_entity(organization_member::Entity),
        schema.create_table_from_entity(product::Entity),
        schema.create_table_from_entity(role::Entity),
        schema.create_table_from_entity(user::Entity),
    ]
}

/// Their indexes: unique keys of several columns.
#[must_use]
pub fn all_indexes(schema: &Schema) -> Vec<IndexCreateStatement> {
    let each: Vec<Vec<IndexCreateStatement>> = vec![
        schema.create_index_from_entity(organization::Entity),
        schema.create_index_from_entity(organization_member::Entity),
        schema.create_index_from_entity(product::Entity),
        schema.create_index_from_entity(role::Entity),
        schema.create_index_from_entity(user::Entity),
    ];
    each.concat()
}

/// The enum types, whichever entities have them.
#[must_use]
pub fn all_enums() -> Vec<ColumnDef> {
    vec![enums::ProductType::db_type()]
}
