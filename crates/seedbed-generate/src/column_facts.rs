//! Looks up facts about columns, indexes and constraints in the schema, for the generators.

use std::collections::BTreeSet;

use seedbed_schema::model::{
    BaseType, Column, ColumnValue, Constraint, ConstraintKind, DataType, DependencyKind,
    GeneratedStorage, Identity, Index, IndexKeyPart, Object, ObjectKind, PartKind, QualifiedName,
    Sequence, Table,
};
use seedbed_sql::quote_literal;

use crate::visible_schema::VisibleSchema;

/// Returns the SQL expression of the column's default.
pub(crate) fn default_sql(column: &Column) -> Option<&str> {
    match &column.value {
        ColumnValue::Default(expression) => Some(expression),
        _ => None,
    }
}

/// Returns whether the database generates every value of the column, from an expression or a sequence.
pub(crate) fn is_generated(column: &Column) -> bool {
    matches!(column.value, ColumnValue::Generated { .. } | ColumnValue::Identity(_))
}

/// Returns the clause of a generated column, such as `GENERATED ALWAYS AS (price * 2) STORED`, or of an identity
/// column.
pub(crate) fn generated_clause(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> Option<String> {
    match &column.value {
        ColumnValue::Generated { expression, storage } => {
            let storage = match storage {
                GeneratedStorage::Stored => "STORED",
                GeneratedStorage::Virtual => "VIRTUAL",
            };
            Some(format!("GENERATED ALWAYS AS ({expression}) {storage}"))
        }
        ColumnValue::Identity(identity) => {
            Some(identity_clause(schema, table, &column.name, identity))
        }
        ColumnValue::NoDefault | ColumnValue::Default(_) => None,
    }
}

fn identity_clause(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &str,
    identity: &Identity,
) -> String {
    let always = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let mut clauses = identity.sequence.clauses();
    if identity.sequence_name.name != sequence_name(table, column) {
        clauses.insert(0, format!("SEQUENCE NAME {}", schema.sql_name(&identity.sequence_name)));
    }
    let clauses =
        if clauses.is_empty() { String::new() } else { format!(" ({})", clauses.join(" ")) };
    format!("GENERATED {always} AS IDENTITY{clauses}")
}

/// Returns the name that PostgreSQL gives to the sequence of a column, unless the name is so long that PostgreSQL
/// shortens it.
fn sequence_name(table: &Table, column: &str) -> String {
    format!("{}_{column}_seq", table.name.name)
}

/// Returns the sequences that the column owns, except the sequence of an identity.
pub(crate) fn owned_sequences<'s>(
    schema: VisibleSchema<'s>,
    table: &Table,
    column: &Column,
) -> Vec<(&'s QualifiedName, &'s Sequence)> {
    let is_owned = |sequence: &Sequence| match &sequence.owned_by {
        Some((owner, name)) => *owner == table.name && *name == column.name,
        None => false,
    };
    schema.schema.sequences.iter().filter(|(_, sequence)| is_owned(sequence)).collect()
}

/// Returns whether the column is exactly as `serial`, `bigserial` or `smallserial` creates it.
pub(crate) fn is_serial(schema: VisibleSchema<'_>, table: &Table, column: &Column) -> bool {
    let [(name, sequence)] = owned_sequences(schema, table, column)[..] else { return false };
    let next_value = format!("nextval({}::regclass)", quote_literal(&schema.sql_name(name)));
    sequence.options.clauses().is_empty()
        && DataType::builtin(&sequence.options.data_type) == column.data_type
        && column.not_null.is_some()
        && *name == table.name.sibling(sequence_name(table, &column.name))
        && default_sql(column) == Some(&next_value)
        && sequence.comment.is_none()
}

/// Returns whether the type is an enum type. An array of an enum type is not.
pub(crate) fn is_enum(data_type: &DataType) -> bool {
    !data_type.is_array && matches!(data_type.base, BaseType::Enum(_))
}

/// Returns the table as an object of the dependency graph.
pub(crate) fn table_object(table: &Table) -> Object {
    Object::qualified(ObjectKind::Table, &table.name)
}

/// Returns a part of the table as an object of the dependency graph.
pub(crate) fn part_object(table: &Table, kind: PartKind, name: &str) -> Object {
    table_object(table).part(kind, name)
}

/// Returns all columns of an index: those of the key in their order, the included ones, and those in expressions and in
/// the condition.
pub(crate) fn index_columns(
    schema: VisibleSchema<'_>,
    table: &Table,
    name: &str,
    index: &Index,
) -> Vec<String> {
    let in_key = index.keys.iter().filter_map(|key| match &key.part {
        IndexKeyPart::Column(name) => Some(name.clone()),
        IndexKeyPart::Expression(_) => None,
    });
    let mut columns: Vec<String> = in_key.chain(index.include.iter().cloned()).collect();
    let used = columns_of(schema, table, &part_object(table, PartKind::Index, name));
    let others = table.columns.iter().map(|column| &column.name);
    let others = others.filter(|name| used.contains(*name) && !columns.contains(name));
    columns.extend(others.cloned().collect::<Vec<_>>());
    columns
}

/// Returns all columns of a constraint. PostgreSQL drops the constraint together with any of them. They are the columns
/// of the key, those in expressions, and those that the index of a key includes.
pub(crate) fn constraint_columns(
    schema: VisibleSchema<'_>,
    table: &Table,
    name: &str,
    constraint: &Constraint,
) -> BTreeSet<String> {
    let mut columns = columns_of(schema, table, &part_object(table, PartKind::Constraint, name));
    columns.extend(constraint.columns.iter().cloned());
    columns
}

/// Returns the columns of the table that an object depends on so closely that PostgreSQL drops it together with any of
/// them.
fn columns_of(schema: VisibleSchema<'_>, table: &Table, object: &Object) -> BTreeSet<String> {
    let own = table_object(table);
    let dependencies = schema.schema.dependencies(object);
    let columns = dependencies.filter_map(|(on, kind)| {
        let is_own = kind == DependencyKind::Auto && on.root() == own;
        let part = on.part.as_ref().filter(|part| is_own && part.kind == PartKind::Column)?;
        Some(part.name.clone())
    });
    columns.collect()
}

/// Returns the constraints of the table except NOT NULL, which the generators treat as a property of the column.
pub(crate) fn constraints(table: &Table) -> impl Iterator<Item = (&String, &Constraint)> {
    table.constraints.iter().filter(|(_, one)| one.kind != ConstraintKind::NotNull)
}
