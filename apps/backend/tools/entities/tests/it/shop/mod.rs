//! The tables, one file each.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
#![allow(
    nonstandard_style,
    rustdoc::all,
    clippy::doc_lazy_continuation,
    clippy::enum_variant_names,
    reason = "names and comments in the database are not Rust's, and need not be Markdown"
)]

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ArrayType, IndexCreateStatement, TableCreateStatement, TableRef};
use sea_orm::{Schema, sea_query};

pub mod code;
pub mod country;
pub mod enums;
pub mod gadget;
pub mod gadgets_label;
pub mod gadgets_mood;
pub mod gadgets_owner;
pub mod label;
pub mod mood;
pub mod number;
pub mod owner;
pub mod visit;

/// The tables of all entities, as SeaORM would create them.
#[must_use]
pub fn all_tables(schema: &Schema) -> Vec<TableCreateStatement> {
    vec![
        schema.create_table_from_entity(code::Entity),
        schema.create_table_from_entity(country::Entity),
        schema.create_table_from_entity(gadget::Entity),
        schema.create_table_from_entity(gadgets_label::Entity),
        schema.create_table_from_entity(gadgets_mood::Entity),
        schema.create_table_from_entity(gadgets_owner::Entity),
        schema.create_table_from_entity(label::Entity),
        schema.create_table_from_entity(mood::Entity),
        schema.create_table_from_entity(number::Entity),
        schema.create_table_from_entity(owner::Entity),
        schema.create_table_from_entity(visit::Entity),
    ]
}

/// Their indexes: unique keys of several columns.
#[must_use]
pub fn all_indexes(schema: &Schema) -> Vec<IndexCreateStatement> {
    let each: Vec<Vec<IndexCreateStatement>> = vec![
        schema.create_index_from_entity(code::Entity),
        schema.create_index_from_entity(country::Entity),
        schema.create_index_from_entity(gadget::Entity),
        schema.create_index_from_entity(gadgets_label::Entity),
        schema.create_index_from_entity(gadgets_mood::Entity),
        schema.create_index_from_entity(gadgets_owner::Entity),
        schema.create_index_from_entity(label::Entity),
        schema.create_index_from_entity(mood::Entity),
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

/// A column: its table and name, the SQL that reads it, what its field is, and whether that takes a value.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);

/// The columns of all entities.
#[must_use]
pub fn all_fields() -> Vec<Field> {
    let each: Vec<Vec<Field>> = vec![
        fields(code::Entity),
        fields(country::Entity),
        fields(gadget::Entity),
        fields(gadgets_label::Entity),
        fields(gadgets_mood::Entity),
        fields(gadgets_owner::Entity),
        fields(label::Entity),
        fields(mood::Entity),
        fields(number::Entity),
        fields(owner::Entity),
        fields(visit::Entity),
    ];
    each.into_iter().flatten().collect()
}

/// The columns of that entity.
pub fn fields<E: EntityTrait>(entity: E) -> Vec<Field> {
    let field = |column: E::Column| -> Field {
        let read = column.select_as(Expr::col(column));
        let read = sea_query::Query::select().expr(read).to_string(sea_query::PostgresQueryBuilder);
        let takes = move |value| {
            let mut row = <E::ActiveModel as ActiveModelTrait>::default();
            row.try_set(column, value).is_ok()
        };
        let kind = E::Model::get_value_type(column);
        (entity.table_ref(), column.to_string(), read, kind, Box::new(takes))
    };
    <E::Column as sea_orm::Iterable>::iter().map(field).collect()
}
