//! Schemas for tests, without a server.

use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{
    BaseType, Column, ColumnValue, Constraint, ConstraintIndex, ConstraintKind, DataType, EnumType,
    Index, NotNull, QualifiedName, Table,
};

const USER: &str = "ada";

/// Returns the name of an object in the schema `public`.
pub(crate) fn public(name: &str) -> QualifiedName {
    QualifiedName::new("public", name)
}

/// Returns a schema that was read by its owner.
pub(crate) fn schema(tables: impl IntoIterator<Item = Table>) -> DatabaseSchema {
    let mut schema = DatabaseSchema::default();
    schema.read_context.user = USER.to_owned();
    schema.read_context.search_path = vec!["public".to_owned()];
    schema.tables = tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    schema
}

pub(crate) fn table(name: &str, columns: impl IntoIterator<Item = Column>) -> Table {
    let mut table = Table::new(public(name));
    table.owner = USER.to_owned();
    table.columns = columns.into_iter().collect();
    table
}

/// Returns a column of a type of PostgreSQL.
pub(crate) fn column(name: &str, sql_type: &str) -> Column {
    Column::new(name, DataType::builtin(sql_type))
}

pub(crate) fn required(mut column: Column) -> Column {
    column.not_null = Some(NotNull::default());
    column
}

pub(crate) fn with_default(mut column: Column, expression: &str) -> Column {
    column.value = ColumnValue::Default(expression.to_owned());
    column
}

/// Returns a column of an enum type in the schema `public`.
pub(crate) fn enum_column(name: &str, enum_type: &str) -> Column {
    let base = BaseType::Enum(public(enum_type));
    Column::new(name, DataType { base, modifier: None, is_array: false })
}

pub(crate) fn add_constraint(
    table: &mut Table,
    name: &str,
    kind: ConstraintKind,
    columns: &[&str],
    definition: &str,
) {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    let mut constraint = Constraint::new(kind, columns, definition);
    if matches!(kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) {
        let mut index = ConstraintIndex::default();
        index.name = name.to_owned();
        constraint.index = Some(index);
    }
    table.constraints.insert(name.to_owned(), constraint);
}

pub(crate) fn add_index(table: &mut Table, name: &str, columns: &[&str], is_unique: bool) {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    let mut index = Index::new(columns, "");
    index.unique = is_unique;
    table.indexes.insert(name.to_owned(), index);
}

pub(crate) fn add_enum(schema: &mut DatabaseSchema, name: &str, labels: &[&str]) {
    let mut one = EnumType::new(labels.iter().map(|label| (*label).to_owned()).collect());
    one.owner = USER.to_owned();
    schema.enums.insert(public(name), one);
}
