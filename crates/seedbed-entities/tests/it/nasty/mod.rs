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

pub mod a_b;
pub mod a_b_c;
pub mod a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b;
pub mod bad_tag;
pub mod by_bit;
pub mod by_bool;
pub mod by_bytea;
pub mod by_char;
pub mod by_citext;
pub mod by_date;
pub mod by_double;
pub mod by_hand;
pub mod by_inet;
pub mod by_jsonb;
pub mod by_kin;
pub mod by_kind;
pub mod by_money;
pub mod by_mood;
pub mod by_numeric;
pub mod by_range;
pub mod by_real;
pub mod by_smallserial;
pub mod by_time;
pub mod by_timestamp;
pub mod by_timestamptz;
pub mod by_twelve;
pub mod by_two;
pub mod entity;
pub mod enums;
pub mod friend;
pub mod group;
pub mod group_member;
pub mod heir;
pub mod model;
pub mod mood;
pub mod new_line;
pub mod one;
pub mod part;
pub mod pub_lic_user;
pub mod refers_to_part;
pub mod role;
pub mod sea_orm_row;
pub mod shared;
pub mod std_row;
pub mod tag;
pub mod taken;
pub mod taken_twice;
pub mod two;
pub mod type_type;
pub mod user;
pub mod users_role;
pub mod users_tag;
#[path = "übel_schema_型_x.rs"]
pub mod übel_schema_型_x;

/// The tables of all entities, as SeaORM would create them.
#[must_use]
pub fn all_tables(schema: &Schema) -> Vec<TableCreateStatement> {
    vec![
        schema.create_table_from_entity(a_b::Entity),
        schema.create_table_from_entity(a_b_c::Entity),
        schema.create_table_from_entity(
            a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b::Entity,
        ),
        schema.create_table_from_entity(bad_tag::Entity),
        schema.create_table_from_entity(by_bit::Entity),
        schema.create_table_from_entity(by_bool::Entity),
        schema.create_table_from_entity(by_bytea::Entity),
        schema.create_table_from_entity(by_char::Entity),
        schema.create_table_from_entity(by_citext::Entity),
        schema.create_table_from_entity(by_date::Entity),
        schema.create_table_from_entity(by_double::Entity),
        schema.create_table_from_entity(by_hand::Entity),
        schema.create_table_from_entity(by_inet::Entity),
        schema.create_table_from_entity(by_jsonb::Entity),
        schema.create_table_from_entity(by_kin::Entity),
        schema.create_table_from_entity(by_kind::Entity),
        schema.create_table_from_entity(by_money::Entity),
        schema.create_table_from_entity(by_mood::Entity),
        schema.create_table_from_entity(by_numeric::Entity),
        schema.create_table_from_entity(by_range::Entity),
        schema.create_table_from_entity(by_real::Entity),
        schema.create_table_from_entity(by_smallserial::Entity),
        schema.create_table_from_entity(by_time::Entity),
        schema.create_table_from_entity(by_timestamp::Entity),
        schema.create_table_from_entity(by_timestamptz::Entity),
        schema.create_table_from_entity(by_twelve::Entity),
        schema.create_table_from_entity(by_two::Entity),
        schema.create_table_from_entity(entity::Entity),
        schema.create_table_from_entity(friend::Entity),
        schema.create_table_from_entity(group::Entity),
        schema.create_table_from_entity(group_member::Entity),
        schema.create_table_from_entity(heir::Entity),
        schema.create_table_from_entity(model::Entity),
        schema.create_table_from_entity(mood::Entity),
        schema.create_table_from_entity(new_line::Entity),
        schema.create_table_from_entity(one::Entity),
        schema.create_table_from_entity(part::Entity),
        schema.create_table_from_entity(pub_lic_user::Entity),
        schema.create_table_from_entity(refers_to_part::Entity),
        schema.create_table_from_entity(role::Entity),
        schema.create_table_from_entity(sea_orm_row::Entity),
        schema.create_table_from_entity(shared::Entity),
        schema.create_table_from_entity(std_row::Entity),
        schema.create_table_from_entity(tag::Entity),
        schema.create_table_from_entity(taken::Entity),
        schema.create_table_from_entity(taken_twice::Entity),
        schema.create_table_from_entity(two::Entity),
        schema.create_table_from_entity(type_type::Entity),
        schema.create_table_from_entity(user::Entity),
        schema.create_table_from_entity(users_role::Entity),
        schema.create_table_from_entity(users_tag::Entity),
        schema.create_table_from_entity(übel_schema_型_x::Entity),
    ]
}

/// Their indexes: unique keys of several columns.
#[must_use]
pub fn all_indexes(schema: &Schema) -> Vec<IndexCreateStatement> {
    let each: Vec<Vec<IndexCreateStatement>> = vec![
        schema.create_index_from_entity(a_b::Entity),
        schema.create_index_from_entity(a_b_c::Entity),
        schema.create_index_from_entity(
            a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b::Entity,
        ),
        schema.create_index_from_entity(bad_tag::Entity),
        schema.create_index_from_entity(by_bit::Entity),
        schema.create_index_from_entity(by_bool::Entity),
        schema.create_index_from_entity(by_bytea::Entity),
        schema.create_index_from_entity(by_char::Entity),
        schema.create_index_from_entity(by_citext::Entity),
        schema.create_index_from_entity(by_date::Entity),
        schema.create_index_from_entity(by_double::Entity),
        schema.create_index_from_entity(by_hand::Entity),
        schema.create_index_from_entity(by_inet::Entity),
        schema.create_index_from_entity(by_jsonb::Entity),
        schema.create_index_from_entity(by_kin::Entity),
        schema.create_index_from_entity(by_kind::Entity),
        schema.create_index_from_entity(by_money::Entity),
        schema.create_index_from_entity(by_mood::Entity),
        schema.create_index_from_entity(by_numeric::Entity),
        schema.create_index_from_entity(by_range::Entity),
        schema.create_index_from_entity(by_real::Entity),
        schema.create_index_from_entity(by_smallserial::Entity),
        schema.create_index_from_entity(by_time::Entity),
        schema.create_index_from_entity(by_timestamp::Entity),
        schema.create_index_from_entity(by_timestamptz::Entity),
        schema.create_index_from_entity(by_twelve::Entity),
        schema.create_index_from_entity(by_two::Entity),
        schema.create_index_from_entity(entity::Entity),
        schema.create_index_from_entity(friend::Entity),
        schema.create_index_from_entity(group::Entity),
        schema.create_index_from_entity(group_member::Entity),
        schema.create_index_from_entity(heir::Entity),
        schema.create_index_from_entity(model::Entity),
        schema.create_index_from_entity(mood::Entity),
        schema.create_index_from_entity(new_line::Entity),
        schema.create_index_from_entity(one::Entity),
        schema.create_index_from_entity(part::Entity),
        schema.create_index_from_entity(pub_lic_user::Entity),
        schema.create_index_from_entity(refers_to_part::Entity),
        schema.create_index_from_entity(role::Entity),
        schema.create_index_from_entity(sea_orm_row::Entity),
        schema.create_index_from_entity(shared::Entity),
        schema.create_index_from_entity(std_row::Entity),
        schema.create_index_from_entity(tag::Entity),
        schema.create_index_from_entity(taken::Entity),
        schema.create_index_from_entity(taken_twice::Entity),
        schema.create_index_from_entity(two::Entity),
        schema.create_index_from_entity(type_type::Entity),
        schema.create_index_from_entity(user::Entity),
        schema.create_index_from_entity(users_role::Entity),
        schema.create_index_from_entity(users_tag::Entity),
        schema.create_index_from_entity(übel_schema_型_x::Entity),
    ];
    each.concat()
}

/// The enum types, whichever entities have them.
#[must_use]
pub fn all_enums() -> Vec<ColumnDef> {
    vec![
        enums::DateTimeType::db_type(),
        enums::ErrorType::db_type(),
        enums::ModelType::db_type(),
        enums::Mood::db_type(),
        enums::OptionType::db_type(),
        enums::PubLicMood::db_type(),
        enums::ResultType::db_type(),
        enums::StringType::db_type(),
        enums::TypeAB::db_type(),
    ]
}

/// A column: its table and name, the SQL that reads it, what its field is, and whether that takes a value.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);

/// The columns of all entities.
#[must_use]
pub fn all_fields() -> Vec<Field> {
    let each: Vec<Vec<Field>> = vec![
        fields(a_b::Entity),
        fields(a_b_c::Entity),
        fields(a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b::Entity),
        fields(bad_tag::Entity),
        fields(by_bit::Entity),
        fields(by_bool::Entity),
        fields(by_bytea::Entity),
        fields(by_char::Entity),
        fields(by_citext::Entity),
        fields(by_date::Entity),
        fields(by_double::Entity),
        fields(by_hand::Entity),
        fields(by_inet::Entity),
        fields(by_jsonb::Entity),
        fields(by_kin::Entity),
        fields(by_kind::Entity),
        fields(by_money::Entity),
        fields(by_mood::Entity),
        fields(by_numeric::Entity),
        fields(by_range::Entity),
        fields(by_real::Entity),
        fields(by_smallserial::Entity),
        fields(by_time::Entity),
        fields(by_timestamp::Entity),
        fields(by_timestamptz::Entity),
        fields(by_twelve::Entity),
        fields(by_two::Entity),
        fields(entity::Entity),
        fields(friend::Entity),
        fields(group::Entity),
        fields(group_member::Entity),
        fields(heir::Entity),
        fields(model::Entity),
        fields(mood::Entity),
        fields(new_line::Entity),
        fields(one::Entity),
        fields(part::Entity),
        fields(pub_lic_user::Entity),
        fields(refers_to_part::Entity),
        fields(role::Entity),
        fields(sea_orm_row::Entity),
        fields(shared::Entity),
        fields(std_row::Entity),
        fields(tag::Entity),
        fields(taken::Entity),
        fields(taken_twice::Entity),
        fields(two::Entity),
        fields(type_type::Entity),
        fields(user::Entity),
        fields(users_role::Entity),
        fields(users_tag::Entity),
        fields(übel_schema_型_x::Entity),
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
