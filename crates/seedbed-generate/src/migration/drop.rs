//! Operations that drop tables and enum types.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_schema::model::{
    Column, ColumnValue, ConstraintKind, DataType, EnumType, Object, QualifiedName, Table,
    TriggerSource,
};

use super::remove::{add_constraint, comment_on_constraint, create_index};
use super::snippets::keep_updated_at;
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::column_facts::{
    constraints, default_sql, generated_clause, is_enum, is_serial, owned_sequences,
};
use crate::dependents::{DropEffects, describe};
use crate::field::types::SERIAL_TYPES;
use crate::field::{TypeClass, types};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings};
use crate::unrestorable::{self, Unrestorable};
use crate::visible_schema::VisibleSchema;
use seedbed_sql::quote_literal;

use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Drops a table. `down` recreates it as it is in the database now.
pub(super) fn table(
    request: &MigrationRequest<'_>,
    table: &Table,
) -> Result<GeneratedFile, WriteError> {
    let schema = request.required_schema()?;
    let name = &table.name.name;
    ensure_no_dependents(name, &DropEffects::from_table(schema, table).dependents)?;
    ensure_restorable(name, &unrestorable::properties_of_table(schema, table))?;
    let script = ScriptSource {
        doc: vec![format!("Drops `{name}`.")],
        up: FunctionBody::call(format!("drop_table({})", string(name))),
        down_doc: Some(
            "Recreates the table as it was when this migration was written, without its rows."
                .to_owned(),
        ),
        down: FunctionBody::Calls(create(schema, table)),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Returns a note for each enum type of dropped columns. The types stay, because other columns may
/// use them.
pub(super) fn remaining_enum_types<'c>(
    schema: VisibleSchema<'_>,
    columns: impl IntoIterator<Item = &'c Column>,
) -> Vec<Hint> {
    let types = columns.into_iter().filter(|column| is_enum(&column.data_type));
    let names: BTreeSet<String> = types.map(|column| schema.type_sql(&column.data_type)).collect();
    names
        .into_iter()
        .map(|name| {
            let camel = name.to_upper_camel_case();
            let note = Hint::text(format!("the enum type `{name}` is not dropped; "));
            if camel.to_snake_case() != name {
                return note.then("drop it by hand");
            }
            let drop = format!("drop{camel}Enum");
            note.then_command(SuggestedCommand::CreateMigration { name: drop, fields: None })
                .then(" drops it once this migration is applied and nothing else uses it")
        })
        .collect()
}

/// Drops an enum type. `down` recreates it with its current values.
pub(super) fn enumeration(
    request: &MigrationRequest<'_>,
    (name, one): (&QualifiedName, &EnumType),
) -> Result<GeneratedFile, WriteError> {
    let schema = request.required_schema()?;
    let effects = DropEffects::from_enum(schema, name);
    let unrestorable = unrestorable::properties_of_enum(schema, name, one);
    let name = &name.name;
    ensure_no_dependents(name, &effects.dependents)?;
    ensure_restorable(name, &unrestorable)?;
    let create = format!("create_enum({}, [{}])", string(name), strings(&one.labels));
    let comment = comment(&format!("TYPE {}", quote_if_needed(name)), one.comment.as_ref());
    let script = ScriptSource {
        doc: vec![format!("Drops the enum type `{name}`.")],
        up: FunctionBody::call(format!("drop_enum({})", string(name))),
        down: FunctionBody::Calls(std::iter::once(create).chain(comment).collect()),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Fails if other objects depend on an object.
pub(super) fn ensure_no_dependents(name: &str, by: &BTreeSet<Object>) -> Result<(), WriteError> {
    if by.is_empty() {
        return Ok(());
    }
    Err(WriteError::HasDependents { name: name.to_owned(), by: describe(by) })
}

/// Fails if an object has properties that a script cannot restore.
pub(super) fn ensure_restorable(
    name: &str,
    unrestorable: &BTreeSet<Unrestorable>,
) -> Result<(), WriteError> {
    if unrestorable.is_empty() {
        return Ok(());
    }
    let mut properties: Vec<String> = unrestorable.iter().map(Unrestorable::to_string).collect();
    properties.sort();
    Err(WriteError::NotRestorable { table: name.to_owned(), properties: properties.join(", ") })
}

/// Returns the calls that recreate a table.
fn create(schema: VisibleSchema<'_>, table: &Table) -> Vec<String> {
    let name = &table.name.name;
    let has_default_key = has_default_key(table);
    let mut calls: Vec<String> =
        table.columns.iter().flat_map(|column| create_sequences(schema, table, column)).collect();
    let mut text = format!("create_table(Table::create().table({})", string(name));
    for existing in &table.columns {
        let column = match default_helper(existing) {
            Some(helper) => helper.to_owned(),
            None if has_default_key && is_default_key(existing) => "id()".to_owned(),
            None => column(schema, table, existing),
        };
        text.push_str(&format!(".col({column})"));
    }
    text.push(')');
    if table.columns.is_empty() {
        // The builder omits the parentheses of a table without columns.
        let sql = format!("CREATE TABLE {} ()", quote_if_needed(name));
        text = format!("execute({})", string(&sql));
    }
    calls.push(text);
    calls.extend(table.columns.iter().flat_map(|column| attach_sequences(schema, table, column)));
    // Foreign keys come last, because they may refer to the table itself.
    let mut sorted: Vec<_> = constraints(table).collect();
    sorted.sort_by_key(|(_, constraint)| constraint.kind == ConstraintKind::ForeignKey);
    for (constraint_name, constraint) in sorted {
        if !(has_default_key && constraint.kind == ConstraintKind::PrimaryKey) {
            calls.push(add_constraint(name, constraint_name, constraint));
        }
        calls.extend(comment_on_constraint(name, constraint_name, constraint));
    }
    let indexes = table.indexes.iter();
    calls.extend(indexes.flat_map(|(index_name, index)| create_index(name, index_name, index)));
    let triggers = table.triggers.values().filter_map(|trigger| match &trigger.source {
        TriggerSource::Statement(definition) => Some(create_trigger(name, definition)),
        TriggerSource::Parent(_) => None,
    });
    calls.extend(triggers);
    calls.extend(comment(&format!("TABLE {}", quote_if_needed(name)), table.comment.as_ref()));
    calls.extend(table.columns.iter().filter_map(|column| comment_on_column(name, column)));
    calls
}

/// Returns whether the primary key is that of every generated table, which the helper `id()` creates.
fn has_default_key(table: &Table) -> bool {
    let key = table.primary_key();
    table.columns.iter().any(is_default_key)
        && key.is_some_and(|(name, key)| {
            *name == format!("{}_pkey", table.name.name)
                && key.columns == ["id"]
                && !key.deferrable
                && key.definition == "PRIMARY KEY (id)"
        })
}

fn is_default_key(column: &Column) -> bool {
    column.name == "id"
        && default_sql(column) == Some("uuid_generate_v4()")
        && column.data_type.is_builtin("uuid")
}

/// Returns the helper that creates the column, if it is `created_at` or `updated_at` of a generated table.
fn default_helper(column: &Column) -> Option<&'static str> {
    let is_default = default_sql(column) == Some("now()")
        && column.not_null.is_some()
        && column.data_type == DataType::builtin("timestamp with time zone");
    match column.name.as_str() {
        "created_at" if is_default => Some("created_at()"),
        "updated_at" if is_default => Some("updated_at()"),
        _ => None,
    }
}

/// Returns the expression that recreates a column.
pub(super) fn column(schema: VisibleSchema<'_>, table: &Table, existing: &Column) -> String {
    // `serial` also creates the sequence and the default.
    let serial = SERIAL_TYPES.iter().find(|(_, sql)| existing.data_type.is_builtin(sql));
    let serial = serial.filter(|_| is_serial(schema, table, existing));
    let field_type = match serial {
        Some((serial, _)) => types::custom(DataType::builtin(*serial), TypeClass::Serial),
        None => types::from_data_type(schema, &existing.data_type),
    };
    let not_null = existing.not_null.is_some();
    let mut text = super::snippets::column(&existing.name, &field_type, not_null);
    if let Some(default) = default_sql(existing).filter(|_| serial.is_none()) {
        text.push_str(&format!(".default(Expr::cust({}))", string(default)));
    }
    let collation = existing.collation.as_ref();
    let collation = collation.map(|name| format!("COLLATE {}", schema.sql_name(name)));
    let extra = collation.into_iter().chain(generated_clause(schema, table, existing));
    let extra: Vec<String> = extra.collect();
    if !extra.is_empty() {
        text.push_str(&format!(".extra({})", string(&extra.join(" "))));
    }
    text
}

/// Returns the calls that create the sequences that the column owns, unless the column itself would
/// create them.
pub(super) fn create_sequences(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> Vec<String> {
    if is_serial(schema, table, column) {
        return Vec::new();
    }
    let sequences = owned_sequences(schema, table, column).into_iter();
    let create = sequences.map(|(name, sequence)| {
        let mut sql = format!("CREATE SEQUENCE {}", schema.sql_name(name));
        if sequence.options.data_type != "bigint" {
            sql += &format!(" AS {}", sequence.options.data_type);
        }
        for clause in sequence.options.clauses() {
            sql += &format!(" {clause}");
        }
        format!("execute({})", string(&sql))
    });
    create.collect()
}

/// Returns the calls that make a new column the owner of its sequences, and restore the comments of the sequences.
pub(super) fn attach_sequences(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
) -> Vec<String> {
    let mut calls = Vec::new();
    if let ColumnValue::Identity(identity) = &column.value {
        let on = format!("SEQUENCE {}", schema.sql_name(&identity.sequence_name));
        calls.extend(comment(&on, identity.comment.as_ref()));
    }
    if is_serial(schema, table, column) {
        return calls;
    }
    for (name, sequence) in owned_sequences(schema, table, column) {
        let name = schema.sql_name(name);
        let table = quote_if_needed(&table.name.name);
        let owner = format!("{table}.{}", quote_if_needed(&column.name));
        let sql = format!("ALTER SEQUENCE {name} OWNED BY {owner}");
        calls.push(format!("execute({})", string(&sql)));
        calls.extend(comment(&format!("SEQUENCE {name}"), sequence.comment.as_ref()));
    }
    calls
}

/// Returns the call that restores a comment.
pub(super) fn comment(on: &str, comment: Option<&String>) -> Option<String> {
    let sql = format!("COMMENT ON {on} IS {}", quote_literal(comment?));
    Some(format!("execute({})", string(&sql)))
}

pub(super) fn comment_on_column(table: &str, column: &Column) -> Option<String> {
    let on = format!("COLUMN {}.{}", quote_if_needed(table), quote_if_needed(&column.name));
    comment(&on, column.comment.as_ref())
}

/// Returns the call that recreates a trigger.
fn create_trigger(table: &str, definition: &str) -> String {
    let default = format!(
        "CREATE TRIGGER keep_updated_at BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION set_updated_at()",
        quote_if_needed(table)
    );
    if definition == default {
        return format!("execute({})", string(&keep_updated_at(table)));
    }
    format!("execute({})", string(definition))
}
