//! The entities against the schema that the migrations make.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::extension::postgres::Type;
use sea_orm::sea_query::{IndexCreateStatement, Table, TableCreateStatement, TableName, TableRef};
use sea_orm::{ColumnDef, ColumnType, ConnectionTrait as _, DatabaseConnection, DbErr};
use seedbed_catalog::{Aspect, Catalog, ObjectKind, ReadOptions, execute_script};

use crate::difference::differences;
use crate::error::Error;
use crate::fields::{self, Field};
use crate::names::{parts, plain};
use crate::shape::{ForeignKey, Shape};

/// The entities as they are compiled: what the functions of the `mod.rs` that is written here return.
pub struct Compiled {
    /// The tables, as SeaORM would create them.
    pub tables: Vec<TableCreateStatement>,
    /// The unique keys of several columns.
    pub indexes: Vec<IndexCreateStatement>,
    /// The enums.
    pub enums: Vec<ColumnDef>,
    /// The columns.
    pub fields: Vec<Field>,
}

/// Compares the entities with the migrated schema, both ways. Their tables are created in that empty
/// database, in place of those of the schema; what an entity refers to and cannot create (schemas,
/// extensions, types) is that of the schema.
///
/// # Errors
/// [`Error::Differ`] with everything that differs; the others when it cannot be told.
pub async fn check(
    migrated: &Catalog,
    empty: &DatabaseConnection,
    compiled: &Compiled,
) -> Result<(), Error> {
    let pool = empty.get_postgres_connection_pool();
    let connect = async || pool.acquire().await.map_err(no_connection);
    let mut wanted = Shape::of(migrated);
    let enums = enums(&compiled.enums);
    execute_script(&mut *connect().await?, &migrated.to_sql()).await?;
    let views = views(migrated);
    execute_script(&mut *connect().await?, &drops(migrated, &views)).await?;
    for (name, labels) in enums.iter().filter(|(name, _)| !wanted.enums.contains_key(*name)) {
        let mut create = Type::create();
        create.as_enum(type_name(name)).values(labels.iter().cloned());
        empty.execute(&create).await.map_err(Error::Create)?;
    }
    create(empty, compiled).await.map_err(Error::Create)?;
    let created = Catalog::read(&mut *connect().await?, &ReadOptions::default()).await?;
    let mut shape = Shape { enums, ..Shape::of(&created) };
    add_foreign_keys(&mut shape, &wanted, &compiled.tables);
    shape.tables.retain(|name, _| !views.contains_key(name));
    leave_to_hands(&mut wanted, &shape);
    let mut found = differences(&wanted, &shape);
    found.extend(fields::differences(&wanted, &compiled.fields));
    if found.is_empty() { Ok(()) } else { Err(Error::Differ(found)) }
}

fn no_connection(error: impl std::fmt::Display) -> Error {
    Error::Connect(DbErr::Custom(error.to_string()))
}

/// The views, each with the word for its kind.
fn views(migrated: &Catalog) -> BTreeMap<String, &'static str> {
    let objects = migrated.objects().into_keys();
    let whole =
        objects.filter(|object| object.part.is_none() && object.aspect == Aspect::Definition);
    let views = whole.filter_map(|object| match object.kind {
        ObjectKind::View => Some((object.name, "VIEW")),
        ObjectKind::MaterializedView => Some((object.name, "MATERIALIZED VIEW")),
        _ => None,
    });
    views.collect()
}

/// A table that no entity is written for may have one by hand, whose key is what somebody knows better.
fn leave_to_hands(wanted: &mut Shape, shape: &Shape) {
    let left_out = wanted.without_entity();
    wanted.without(left_out.keys().filter(|name| !shape.tables.contains_key(*name)));
    for name in left_out.keys() {
        if let (Some(table), Some(by_hand)) = (wanted.tables.get_mut(name), shape.tables.get(name))
        {
            table.primary_key.clone_from(&by_hand.primary_key);
            table.unique.remove(&by_hand.primary_key);
        }
    }
}

/// What drops the tables and views of a schema and leaves the rest of it.
fn drops(migrated: &Catalog, views: &BTreeMap<String, &str>) -> String {
    let tables = migrated.tables().keys().map(|name| (name, "TABLE"));
    let all = views.iter().map(|(name, word)| (name, *word)).chain(tables);
    all.map(|(name, word)| format!("DROP {word} IF EXISTS {name} CASCADE;\n")).collect()
}

/// The tables without their foreign keys, which may lead around in a circle. The names are of no
/// interest, and those that SeaORM gives may be one after PostgreSQL has cut them off.
async fn create(empty: &DatabaseConnection, compiled: &Compiled) -> Result<(), DbErr> {
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

/// The labels of the enums, under the names that the catalog would give them.
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

/// What relations say of foreign keys, under the names of the catalogs.
fn add_foreign_keys(shape: &mut Shape, wanted: &Shape, compiled: &[TableCreateStatement]) {
    let known: BTreeSet<&String> = wanted.tables.keys().chain(shape.tables.keys()).collect();
    let known: BTreeMap<Vec<String>, String> =
        known.into_iter().map(|name| (parts(name), name.clone())).collect();
    let found = |table: Option<&TableRef>| known.get(&named(table?)?).cloned();
    for statement in compiled {
        let Some(name) = found(statement.get_table_name()) else {
            continue;
        };
        for key in statement.get_foreign_key_create_stmts() {
            let key = key.get_foreign_key();
            let Some(to) = found(key.get_ref_table()) else {
                continue;
            };
            let columns = in_sql(shape, wanted, &name, key.get_columns());
            let to_columns = in_sql(shape, wanted, &to, key.get_ref_columns());
            if let Some(table) = shape.tables.get_mut(&name) {
                table.foreign_keys.insert(ForeignKey { columns, table: to, to: to_columns });
            }
        }
    }
}

pub(crate) fn named(table: &TableRef) -> Option<Vec<String>> {
    let TableRef::Table(TableName(schema, table), _) = table else {
        return None;
    };
    let schema = schema.as_ref().map_or_else(|| "public".to_owned(), |schema| schema.1.to_string());
    Some(vec![schema, table.to_string()])
}

/// The columns as SQL has their names.
fn in_sql(shape: &Shape, wanted: &Shape, table: &str, columns: Vec<String>) -> Vec<String> {
    let tables = [shape.tables.get(table), wanted.tables.get(table)];
    let known: Vec<&String> =
        tables.into_iter().flatten().flat_map(|table| &table.columns).map(|c| &c.name).collect();
    let sql = |column: String| {
        known.iter().find(|name| plain(name) == column).map_or(column, |name| (*name).clone())
    };
    columns.into_iter().map(sql).collect()
}
