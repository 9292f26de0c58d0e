//! Tests that SeaORM creates the same tables from the compiled entities as the statements that the entities were
//! generated from.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{IndexCreateStatement, Table, TableCreateStatement};
use sea_orm::{ConnectionTrait as _, DbBackend, Schema};
use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::ConstraintKind;
use seedbed_testdb::TestDatabase;

use crate::support::{read, schema, schema_of};
use crate::{nasty, odd, types};

/// The statements that SeaORM would create tables with.
struct SchemaStatements {
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
}

/// Returns the statements for the entities of a module.
macro_rules! statements {
    ($entities:ident: $($module:ident)*) => {{
        let schema = Schema::new(DbBackend::Postgres);
        SchemaStatements {
            tables: vec![$(schema.create_table_from_entity($entities::$module::Entity)),*],
            indexes: [$(schema.create_index_from_entity($entities::$module::Entity)),*].concat(),
        }
    }};
}

#[tokio::test]
async fn the_entities_of_an_odd_schema_match_it() {
    let statements = statements!(odd:
        author event extra_passport letter log passport person player post stamp team type_row);
    assert_same(include_str!("odd.sql"), statements).await;
}

#[tokio::test]
async fn the_entities_of_a_nasty_schema_match_it() {
    let statements = statements!(nasty: a_b a_b_c a_table_whose_name_is_as_long_as_the_server_takes_sixty_three_b bad_tag by_bit by_bool by_bytea by_char by_citext by_date by_double by_hand by_inet by_jsonb by_kin by_kind by_money by_mood by_numeric by_range by_real by_smallserial by_time by_timestamp by_timestamptz by_twelve by_two entity friend group group_member heir model mood new_line one part pub_lic_user refers_to_part role sea_orm_row shared std_row tag taken taken_twice two type_type user users_role users_tag übel_schema_型_x);
    assert_same(include_str!("nasty.sql"), statements).await;
}

#[tokio::test]
async fn the_entities_with_every_type_match_their_schema() {
    assert_same(include_str!("types.sql"), statements!(types: kind list lookup span)).await;
}

/// Asserts that the statements create the columns and keys of the tables that `sql` creates. The tables are created in
/// a database that has the types of the schema.
async fn assert_same(sql: &str, statements: SchemaStatements) {
    let migrated = schema_of(sql).await;
    let database = TestDatabase::empty().await;
    schema(&database, sql).await;
    drop_relations(&database, &migrated).await;
    create(&database, &statements).await;
    let created = read(&database).await;

    let (mut expected, actual) = (described(&migrated), described(&created));
    expected.retain(|table, _| actual.contains_key(table));
    assert_eq!(actual.len(), statements.tables.len());
    assert_eq!(expected, actual);
}

async fn drop_relations(database: &TestDatabase, migrated: &DatabaseSchema) {
    let tables = migrated.tables.keys().map(|name| format!("DROP TABLE IF EXISTS {name} CASCADE;"));
    let tables: String = tables.collect();
    let views = "DROP MATERIALIZED VIEW IF EXISTS counted; DROP VIEW IF EXISTS adults;";
    let dropped = database.connection().execute_unprepared(&format!("{views}{tables}")).await;
    dropped.expect("the tables can be dropped");
}

/// Creates the tables without foreign keys, which may form cycles. Keys and indexes get new names,
/// because PostgreSQL may truncate SeaORM's names to the same one.
async fn create(database: &TestDatabase, statements: &SchemaStatements) {
    let db = database.connection();
    for (number, table) in statements.tables.iter().enumerate() {
        let mut bare = Table::create();
        bare.table(table.get_table_name().expect("a table has a name").clone());
        for column in table.get_columns() {
            bare.col(column.clone());
        }
        for index in table.get_indexes() {
            bare.index(index.clone().name(format!("key_{number}")));
        }
        db.execute(&bare).await.expect("the table can be created");
    }
    for (number, index) in statements.indexes.iter().enumerate() {
        let index = index.clone().name(format!("index_{number}")).to_owned();
        db.execute(&index).await.expect("the index can be created");
    }
}

/// Returns the columns and keys of each table.
fn described(schema: &DatabaseSchema) -> BTreeMap<String, BTreeSet<String>> {
    let tables = schema.tables.iter().map(|(name, table)| {
        let columns = table.columns.iter().map(|column| {
            let null = if column.not_null.is_some() { "NOT NULL" } else { "NULL" };
            format!("{} {} {null}", column.name, column.data_type)
        });
        let mut described: BTreeSet<String> = columns.collect();
        let mut keys: BTreeSet<Vec<&str>> = BTreeSet::new();
        for constraint in table.constraints.values() {
            let mut columns: Vec<&str> = constraint.columns.iter().map(String::as_str).collect();
            columns.sort_unstable();
            if matches!(constraint.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) {
                keys.insert(columns);
            }
        }
        for index in
            table.indexes.values().filter(|index| index.unique && index.predicate.is_none())
        {
            if let Some(mut columns) = index.columns() {
                columns.sort_unstable();
                keys.insert(columns);
            }
        }
        let mut composite: BTreeSet<&str> = BTreeSet::new();
        for columns in keys {
            // SeaORM can express any number of keys with one column, but only disjoint composite ones.
            if columns.len() == 1 || columns.iter().all(|column| !composite.contains(column)) {
                described.insert(format!("unique {columns:?}"));
                if columns.len() > 1 {
                    composite.extend(columns);
                }
            }
        }
        (name.to_string(), described)
    });
    tables.collect()
}
