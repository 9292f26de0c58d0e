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

/// A column: its table and name, the SQL that reads it, what its field is, and whether that takes a value.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);

/// The columns of all entities.
#[must_use]
pub fn all_fields() -> Vec<Field> {
    let each: Vec<Vec<Field>> = vec![
        fields(kind::Entity),
        fields(list::Entity),
        fields(lookup::Entity),
        fields(span::Entity),
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
