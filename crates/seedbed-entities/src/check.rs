//! Compares the compiled entities with the migrated schema.

mod difference;
mod error;
mod fields;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::extension::postgres::Type;
use sea_orm::sea_query::{IndexCreateStatement, Table, TableCreateStatement, TableName, TableRef};
use sea_orm::{ColumnDef, ColumnType, ConnectionTrait as _, DatabaseConnection, DbErr};
use seedbed_schema::{Aspect, Catalog, ObjectKind, ReadOptions, execute_script};

pub use self::difference::Difference;
pub use self::error::CheckError;
pub use self::fields::Field;

use self::difference::differences;
use crate::entity_schema::{EntitySchema, ForeignKey};
use crate::names::{parts, plain};

/// The compiled entities: the results of the functions in the generated `mod.rs`.
pub struct CompiledEntities {
    /// The tables, as SeaORM would create them.
    pub tables: Vec<TableCreateStatement>,
    /// The unique keys with several columns.
    pub indexes: Vec<IndexCreateStatement>,
    /// The enums.
    pub enums: Vec<ColumnDef>,
    /// The columns.
    pub fields: Vec<Field>,
}

/// Compares the entities with the migrated schema in both directions.
///
/// The tables of the entities are created in the empty database. Everything that entities refer to
/// but cannot create (schemas, extensions, types) comes from the migrated schema.
///
/// # Errors
/// Returns [`CheckError::Differences`] with all differences, or another error if the comparison fails.
pub async fn check(
    migrated: &Catalog,
    empty: &DatabaseConnection,
    compiled: &CompiledEntities,
) -> Result<(), CheckError> {
    let pool = empty.get_postgres_connection_pool();
    let connect = async || pool.acquire().await.map_err(no_connection);
    let mut expected = EntitySchema::new(migrated);
    let enums = enums(&compiled.enums);
    execute_script(&mut *connect().await?, &migrated.to_sql()).await?;
    let views = views(migrated);
    execute_script(&mut *connect().await?, &drop_statements(migrated, &views)).await?;
    for (name, labels) in enums.iter().filter(|(name, _)| !expected.enums.contains_key(*name)) {
        let mut create = Type::create();
        create.as_enum(type_name(name)).values(labels.iter().cloned());
        empty.execute(&create).await.map_err(CheckError::Create)?;
    }
    create(empty, compiled).await.map_err(CheckError::Create)?;
    let created = Catalog::read(&mut *connect().await?, &ReadOptions::default()).await?;
    let mut actual = EntitySchema { enums, ..EntitySchema::new(&created) };
    add_foreign_keys(&mut actual, &expected, &compiled.tables);
    actual.tables.retain(|name, _| !views.contains_key(name));
    use_hand_written_keys(&mut expected, &actual);
    let mut found = differences(&expected, &actual);
    found.extend(fields::differences(&expected, &compiled.fields));
    if found.is_empty() { Ok(()) } else { Err(CheckError::Differences(found)) }
}

fn no_connection(error: impl std::fmt::Display) -> CheckError {
    CheckError::Connect(DbErr::Custom(error.to_string()))
}

/// Returns the views, each with the keyword of its kind.
fn views(migrated: &Catalog) -> BTreeMap<String, &'static str> {
    let objects = migrated.objects().into_keys();
    let roots =
        objects.filter(|object| object.part.is_none() && object.aspect == Aspect::Definition);
    let views = roots.filter_map(|object| match object.kind {
        ObjectKind::View => Some((object.name, "VIEW")),
        ObjectKind::MaterializedView => Some((object.name, "MATERIALIZED VIEW")),
        _ => None,
    });
    views.collect()
}

/// Takes the key of a hand-written entity for a table that no entity can be generated for, because
/// only its author knows which columns identify a row.
fn use_hand_written_keys(expected: &mut EntitySchema, actual: &EntitySchema) {
    let skipped = expected.without_entity();
    expected.without(skipped.keys().filter(|name| !actual.tables.contains_key(*name)));
    for name in skipped.keys() {
        if let (Some(table), Some(by_hand)) =
            (expected.tables.get_mut(name), actual.tables.get(name))
        {
            table.primary_key.clone_from(&by_hand.primary_key);
            table.unique.remove(&by_hand.primary_key);
        }
    }
}

/// Returns the statements that drop the tables and views of a schema and keep everything else.
fn drop_statements(migrated: &Catalog, views: &BTreeMap<String, &str>) -> String {
    let tables = migrated.tables().keys().map(|name| (name, "TABLE"));
    let all = views.iter().map(|(name, word)| (name, *word)).chain(tables);
    all.map(|(name, word)| format!("DROP {word} IF EXISTS {name} CASCADE;\n")).collect()
}

/// Creates the tables without foreign keys, which may form cycles. Keys and indexes get new names,
/// because PostgreSQL may truncate SeaORM's names to the same one.
async fn create(empty: &DatabaseConnection, compiled: &CompiledEntities) -> Result<(), DbErr> {
    for (number, table) in compiled.tables.iter().enumerate() {
        let mut bare = Table::create();
        if let Some(name) = table.get_table_name() {
            bare.table(name.clone());
        }
        for column in table.get_columns() {
            bare.col(column.clone());
        }
        for index in table.get_indexes() {
            bare.index(index.clone().name(format!("key_{number}")));
        }
        empty.execute(&bare).await?;
    }
    for (number, index) in compiled.indexes.iter().enumerate() {
        empty.execute(index.clone().name(format!("index_{number}"))).await?;
    }
    Ok(())
}

/// Returns the labels of the enums under the names that the catalog has for them.
fn enums(compiled: &[ColumnDef]) -> BTreeMap<String, Vec<String>> {
    let labels = compiled.iter().filter_map(|def| match def.get_column_type() {
        ColumnType::Enum { name, variants } => {
            let name = name.to_string();
            let name = if parts(&name).len() == 1 { format!("public.{name}") } else { name };
            Some((name, variants.iter().map(ToString::to_string).collect()))
        }
        _ => None,
    });
    labels.collect()
}

fn type_name(name: &str) -> sea_orm::sea_query::TypeRef {
    match parts(name).as_slice() {
        [schema, name] => (schema.clone(), name.clone()).into(),
        _ => plain(name).into(),
    }
}

/// Adds the foreign keys of the entities' relations under the names that the catalog has for tables
/// and columns.
fn add_foreign_keys(
    actual: &mut EntitySchema,
    expected: &EntitySchema,
    compiled: &[TableCreateStatement],
) {
    let known: BTreeSet<&String> = expected.tables.keys().chain(actual.tables.keys()).collect();
    let known: BTreeMap<Vec<String>, String> =
        known.into_iter().map(|name| (parts(name), name.clone())).collect();
    let found = |table: Option<&TableRef>| known.get(&table_parts(table?)?).cloned();
    for statement in compiled {
        let Some(name) = found(statement.get_table_name()) else {
            continue;
        };
        for key in statement.get_foreign_key_create_stmts() {
            let key = key.get_foreign_key();
            let Some(to) = found(key.get_ref_table()) else {
                continue;
            };
            let columns = sql_columns(actual, expected, &name, key.get_columns());
            let to_columns = sql_columns(actual, expected, &to, key.get_ref_columns());
            if let Some(table) = actual.tables.get_mut(&name) {
                table.foreign_keys.insert(ForeignKey { columns, table: to, to: to_columns });
            }
        }
    }
}

pub(crate) fn table_parts(table: &TableRef) -> Option<Vec<String>> {
    let TableRef::Table(TableName(schema, table), _) = table else {
        return None;
    };
    let schema = schema.as_ref().map_or_else(|| "public".to_owned(), |schema| schema.1.to_string());
    Some(vec![schema, table.to_string()])
}

/// Returns the columns with their names as SQL has them.
fn sql_columns(
    actual: &EntitySchema,
    expected: &EntitySchema,
    table: &str,
    columns: Vec<String>,
) -> Vec<String> {
    let tables = [actual.tables.get(table), expected.tables.get(table)];
    let known: Vec<&String> =
        tables.into_iter().flatten().flat_map(|table| &table.columns).map(|c| &c.name).collect();
    let sql = |column: String| {
        known.iter().find(|name| plain(name) == column).map_or(column, |name| (*name).clone())
    };
    columns.into_iter().map(sql).collect()
}
