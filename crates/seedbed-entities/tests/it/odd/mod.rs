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

/// A column: its table and name, the SQL that reads it, what its field is, and whether that takes a value.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);

/// The columns of all entities.
#[must_use]
pub fn all_fields() -> Vec<Field> {
    let each: Vec<Vec<Field>> = vec![
        fields(adult::Entity),
        fields(author::Entity),
        fields(event::Entity),
        fields(extra_passport::Entity),
        fields(letter::Entity),
        fields(log::Entity),
        fields(passport::Entity),
        fields(person::Entity),
        fields(player::Entity),
        fields(post::Entity),
        fields(stamp::Entity),
        fields(team::Entity),
        fields(type_row::Entity),
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
