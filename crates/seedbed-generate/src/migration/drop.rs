//! Operations that drop tables and enum types.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use super::remove::{add_constraint, comment_on_constraint, create_index};
use super::snippets::keep_updated_at;
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::field::types;
use crate::present::{Column, Enum, Table};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings};
use seedbed_sql::quote_literal;

use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Drops a table. `down` recreates it as the database has it now.
pub(super) fn table(
    request: &MigrationRequest<'_>,
    table: &Table,
) -> Result<GeneratedFile, WriteError> {
    ensure_no_dependents(&table.name, &table.dependents)?;
    ensure_restorable(&table.name, &table.unsupported)?;
    let script = ScriptSource {
        doc: vec![format!("Drops `{}`.", table.name)],
        up: FunctionBody::call(format!("drop_table({})", string(&table.name))),
        down_doc: Some(
            "Recreates the table as it was when this migration was written, without its \
            rows."
                .to_owned(),
        ),
        down: FunctionBody::Calls(create(table)),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Returns a note for each enum type of dropped columns. The types stay, because other columns may
/// use them.
pub(super) fn remaining_enum_types<'c>(
    columns: impl IntoIterator<Item = &'c Column>,
) -> Vec<String> {
    let types = columns.into_iter().filter(|column| column.is_enum);
    let names: BTreeSet<&str> = types.map(|column| column.sql_type.as_str()).collect();
    names
        .into_iter()
        .map(|name| {
            let camel = name.to_upper_camel_case();
            let hint = if camel.to_snake_case() == name {
                format!(
                    "make create-migration name=drop{camel}Enum drops it once this migration is \
                    applied and nothing else uses it"
                )
            } else {
                "it has to be dropped by hand".to_owned()
            };
            format!("the enum type `{name}` stays; {hint}")
        })
        .collect()
}

/// Drops an enum type. `down` recreates it with its current values.
pub(super) fn enumeration(
    request: &MigrationRequest<'_>,
    one: &Enum,
) -> Result<GeneratedFile, WriteError> {
    ensure_no_dependents(&one.name, &one.used_by)?;
    ensure_restorable(&one.name, &one.unsupported)?;
    let create = format!("create_enum({}, [{}])", string(&one.name), strings(&one.values));
    let comment = comment(&format!("TYPE {}", quote_if_needed(&one.name)), one.comment.as_ref());
    let script = ScriptSource {
        doc: vec![format!("Drops the enum type `{}`.", one.name)],
        up: FunctionBody::call(format!("drop_enum({})", string(&one.name))),
        down: FunctionBody::Calls(std::iter::once(create).chain(comment).collect()),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

pub(super) fn ensure_no_dependents(name: &str, by: &[String]) -> Result<(), WriteError> {
    if by.is_empty() {
        return Ok(());
    }
    Err(WriteError::HasDependents { name: name.to_owned(), by: by.join(", ") })
}

/// Fails if an object has properties that a script cannot restore.
pub(super) fn ensure_restorable(name: &str, unsupported: &[String]) -> Result<(), WriteError> {
    if unsupported.is_empty() {
        return Ok(());
    }
    Err(WriteError::NotRestorable { table: name.to_owned(), what: unsupported.join(", ") })
}

/// Returns the calls that recreate a table.
fn create(table: &Table) -> Vec<String> {
    let is_default_key = |column: &Column| {
        column.name == "id"
            && column.default.as_deref() == Some("uuid_generate_v4()")
            && column.sql_type == "uuid"
    };
    let has_default_key = table.columns.iter().any(is_default_key)
        && table.constraints.iter().any(|constraint| {
            constraint.name == format!("{}_pkey", table.name)
                && constraint.definition == "PRIMARY KEY (id)"
        });
    let mut calls: Vec<String> = table.columns.iter().flat_map(create_sequences).collect();
    let mut text = format!("create_table(Table::create().table({})", string(&table.name));
    for existing in &table.columns {
        let column = match default_helper(existing) {
            Some(helper) => helper.to_owned(),
            None if has_default_key && is_default_key(existing) => "id()".to_owned(),
            None => column(existing),
        };
        text.push_str(&format!(".col({column})"));
    }
    text.push(')');
    if table.columns.is_empty() {
        // The builder omits the parentheses of a table without columns.
        text = format!(
            "execute({})",
            string(&format!("CREATE TABLE {} ()", quote_if_needed(&table.name)))
        );
    }
    calls.push(text);
    calls.extend(table.columns.iter().flat_map(|column| attach_sequences(&table.name, column)));
    // Foreign keys come last, because they may refer to the table itself.
    let mut constraints: Vec<_> = table.constraints.iter().collect();
    constraints.sort_by_key(|constraint| constraint.kind == 'f');
    for constraint in constraints {
        if !(has_default_key && constraint.kind == 'p') {
            calls.push(add_constraint(&table.name, constraint));
        }
        calls.extend(comment_on_constraint(&table.name, constraint));
    }
    calls.extend(table.indexes.iter().flat_map(|index| create_index(&table.name, index)));
    calls.extend(table.triggers.iter().map(|definition| trigger(&table.name, definition)));
    calls.extend(comment(
        &format!("TABLE {}", quote_if_needed(&table.name)),
        table.comment.as_ref(),
    ));
    calls.extend(table.columns.iter().filter_map(|column| comment_on_column(&table.name, column)));
    calls
}

/// Returns the helper for a default column of every table.
fn default_helper(column: &Column) -> Option<&'static str> {
    let now = column.default.as_deref() == Some("now()") && column.not_null;
    match (column.name.as_str(), column.sql_type.as_str(), now) {
        ("created_at", "timestamp with time zone", true) => Some("created_at()"),
        ("updated_at", "timestamp with time zone", true) => Some("updated_at()"),
        _ => None,
    }
}

/// Returns the expression that recreates a column.
pub(super) fn column(existing: &Column) -> String {
    let field_type = types::from_sql(match (existing.serial, existing.sql_type.as_str()) {
        // `serial` also creates the sequence and the default.
        (true, "integer") => "serial",
        (true, "bigint") => "bigserial",
        (true, "smallint") => "smallserial",
        (_, sql) => sql,
    });
    let mut text = super::snippets::column(&existing.name, &field_type, existing.not_null);
    if let Some(default) = existing.default.as_ref().filter(|_| !existing.serial) {
        text.push_str(&format!(".default(Expr::cust({}))", string(default)));
    }
    let mut extra = Vec::new();
    if let Some(collation) = &existing.collation {
        extra.push(format!("COLLATE {collation}"));
    }
    if let Some(expression) = &existing.generated {
        extra.push(format!("GENERATED ALWAYS AS {expression}"));
    }
    if let Some(identity) = &existing.identity {
        extra.push(format!("GENERATED {identity}"));
    }
    if !extra.is_empty() {
        text.push_str(&format!(".extra({})", string(&extra.join(" "))));
    }
    text
}

/// Returns the calls that create the sequences of a column's default, unless the column itself
/// would create them.
pub(super) fn create_sequences(column: &Column) -> impl Iterator<Item = String> {
    let definitions = column.sequences.iter().filter_map(|one| one.definition.as_ref());
    definitions.map(|definition| format!("execute({})", string(definition)))
}

/// Returns the calls that attach existing sequences to a new column, and their comments.
pub(super) fn attach_sequences(table: &str, column: &Column) -> Vec<String> {
    let mut calls = Vec::new();
    for one in &column.sequences {
        if one.definition.is_some() {
            let owner = format!("{}.{}", quote_if_needed(table), quote_if_needed(&column.name));
            let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", one.name);
            calls.push(format!("execute({})", string(&sql)));
        }
        calls.extend(comment(&format!("SEQUENCE {}", one.name), one.comment.as_ref()));
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

fn trigger(table: &str, definition: &str) -> String {
    let default = format!(
        "CREATE TRIGGER keep_updated_at BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION set_updated_at()",
        quote_if_needed(table)
    );
    if definition == default {
        return format!("execute({})", string(&keep_updated_at(table)));
    }
    format!("execute({})", string(definition))
}
