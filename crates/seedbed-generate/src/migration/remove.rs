//! Operations that remove columns, indexes and checks from a table.

use std::collections::BTreeSet;

use seedbed_config::Hint;
use seedbed_schema::model::{Column, Constraint, ConstraintKind, Index, PartKind, Table};

use super::drop::{
    attach_sequences, column, comment, comment_on_column, create_sequences, ensure_no_dependents,
    ensure_restorable, remaining_enum_types,
};
use super::index::{IndexMethod, WITHOUT_TRANSACTION_REASON, builder};
use super::snippets::companion_slug;
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::column_facts::{
    constraint_columns, constraints, default_sql, index_columns, is_generated, is_serial,
};
use crate::dependents::DropEffects;
use crate::names::join_quoted;
use crate::operation::{Columns, Uniqueness};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings, without_transaction};
use crate::unrestorable::{self, Property, has_children};
use crate::visible_schema::{self, VisibleSchema};
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Removes columns. Removes each of their indexes first, in a separate script, whose `down` builds the index
/// concurrently.
pub(super) fn columns(
    request: &MigrationRequest<'_>,
    table: &Table,
    Columns(names): &Columns,
) -> Result<(Vec<GeneratedFile>, Vec<Hint>), WriteError> {
    let schema = request.required_schema()?;
    let existing = names.iter().map(|name| visible_schema::column(table, name));
    let existing: Vec<&Column> = existing.collect::<Result<_, WriteError>>()?;
    for column in &existing {
        let effects = DropEffects::from_column(schema, table, column);
        ensure_no_dependents(&column.name, &effects.dependents)?;
        ensure_restorable(
            &column.name,
            &unrestorable::properties_of_column(schema, table, column),
        )?;
    }
    ensure_not_inherited(schema, table)?;
    let indexes = table.indexes.iter().filter(|(name, index)| {
        index_columns(schema, table, name, index).iter().any(|column| names.contains(column))
    });
    let mut files: Vec<GeneratedFile> = indexes
        .map(|(name, index)| {
            index_script(&companion_slug(&format!("remove_{name}")), table, name, index)
        })
        .collect();

    let table_name = &table.name.name;
    let up = names.iter().map(|name| format!("remove_column({})", strings(&[table_name, name])));
    let mut doc = vec![format!("Removes {} from `{table_name}`.", join_quoted(names))];
    doc.push(
        "Before this, deploy a version of the application that does not use the removed columns."
            .to_owned(),
    );
    let unfillable: Vec<&str> = existing
        .iter()
        .filter(|one| {
            one.not_null.is_some()
                && default_sql(one).is_none()
                && !is_generated(one)
                && !is_serial(schema, table, one)
        })
        .map(|one| one.name.as_str())
        .collect();
    let mut notes = remaining_enum_types(schema, existing.iter().copied());
    let (down_doc, note) = down_doc(&unfillable);
    notes.extend(note.map(Hint::from));
    let script = ScriptSource {
        doc,
        up: FunctionBody::Calls(up.collect()),
        down_doc: Some(down_doc),
        down: FunctionBody::Calls(restore_columns(schema, table, &existing)),
        ..ScriptSource::default()
    };
    files.push(script.file(request.slug));
    Ok((files, notes))
}

/// Returns the comment on `down`, and a note if `down` fails on a table with rows, because it has no values for the
/// columns in `unfillable`.
fn down_doc(unfillable: &[&str]) -> (String, Option<String>) {
    let doc = "Restores the definition from when this migration was written, as the last column and \
        without its values.";
    if unfillable.is_empty() {
        return (doc.to_owned(), None);
    }
    let are = if unfillable.len() == 1 { "is" } else { "are" };
    let lost = format!("{} {are} NOT NULL and the values are lost", join_quoted(unfillable));
    let doc = format!(
        "{doc} {lost}, so this fails on a table with rows. There, give them a value with \
            `.default(…)`, and drop that default in the next line, as the error shows."
    );
    let note = format!(
        "`down` fails on a table with rows, because {lost}; its comment describes what to do"
    );
    (doc, Some(note))
}

/// Returns the calls that restore removed columns and the constraints that were dropped with them.
fn restore_columns(schema: VisibleSchema<'_>, table: &Table, columns: &[&Column]) -> Vec<String> {
    let name = &table.name.name;
    let mut calls = Vec::new();
    for existing in columns {
        calls.extend(create_sequences(schema, table, existing));
        let column = column(schema, table, existing);
        calls.push(format!("add_column({}, {column})", string(name)));
        calls.extend(attach_sequences(schema, table, existing));
    }
    for (constraint_name, constraint) in constraints(table) {
        let names = constraint_columns(schema, table, constraint_name, constraint);
        if columns.iter().any(|column| names.contains(&column.name)) {
            calls.push(add_constraint(name, constraint_name, constraint));
            calls.extend(comment_on_constraint(name, constraint_name, constraint));
        }
    }
    calls.extend(columns.iter().filter_map(|existing| comment_on_column(name, existing)));
    calls
}

/// Removes the index on the given columns.
pub(super) fn index(
    request: &MigrationRequest<'_>,
    table: &Table,
    Columns(names): &Columns,
    uniqueness: Uniqueness,
) -> Result<GeneratedFile, WriteError> {
    let schema = request.required_schema()?;
    for name in names {
        visible_schema::column(table, name)?;
    }
    let found: Vec<(&String, &Index)> = indexes(schema, table, names, uniqueness).collect();
    let unique = if uniqueness == Uniqueness::Unique { "unique " } else { "" };
    let description = || match table.constraints.iter().find(|(_, one)| is_unique_on(one, names)) {
        Some((constraint, _)) => {
            format!("{unique}index on {}; it has the constraint `{constraint}`", join_quoted(names))
        }
        None => format!("{unique}index on {}", join_quoted(names)),
    };
    let (name, index) = single_match(table, &found, description)?;
    let effects = DropEffects::from_part(schema, table, PartKind::Index, name);
    ensure_no_dependents(name, &effects.dependents)?;
    ensure_restorable(name, &unrestorable::properties_of_index(schema, table, name, index))?;
    ensure_not_inherited(schema, table)?;
    Ok(index_script(request.slug, table, name, index))
}

/// Returns the indexes on the given columns.
pub(super) fn indexes<'t>(
    schema: VisibleSchema<'t>,
    table: &'t Table,
    columns: &'t [String],
    uniqueness: Uniqueness,
) -> impl Iterator<Item = (&'t String, &'t Index)> {
    table.indexes.iter().filter(move |(name, index)| {
        (uniqueness == Uniqueness::Any || index.unique)
            && index_columns(schema, table, name, index) == columns
    })
}

fn is_unique_on(constraint: &Constraint, columns: &[String]) -> bool {
    matches!(constraint.kind, ConstraintKind::Unique | ConstraintKind::PrimaryKey)
        && constraint.columns.len() == columns.len()
        && columns.iter().all(|column| constraint.columns.contains(column))
}

/// Removes the check on the given column, or the check with the default name of the table.
pub(super) fn check(
    request: &MigrationRequest<'_>,
    table: &Table,
    column: Option<&str>,
) -> Result<GeneratedFile, WriteError> {
    let schema = request.required_schema()?;
    if let Some(column) = column {
        visible_schema::column(table, column)?;
    }
    let table_name = &table.name.name;
    let default_name = format!("{table_name}_check");
    let found: Vec<(&String, &Constraint)> = checks(table, column).collect();
    let description =
        || column.map_or_else(|| format!("check `{default_name}`"), |c| format!("check on `{c}`"));
    let (name, check) = single_match(table, &found, description)?;
    let effects = DropEffects::from_part(schema, table, PartKind::Constraint, name);
    ensure_no_dependents(name, &effects.dependents)?;
    ensure_restorable(name, &unrestorable::properties_of_constraint(schema, table, name, check))?;
    ensure_not_inherited(schema, table)?;
    let script = ScriptSource {
        doc: vec![format!("Removes the check `{name}` from `{table_name}`.")],
        up: FunctionBody::call(format!("remove_constraint({})", strings(&[table_name, name]))),
        down: FunctionBody::Calls(
            std::iter::once(add_constraint(table_name, name, check))
                .chain(comment_on_constraint(table_name, name, check))
                .collect(),
        ),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Returns the checks on the given column, or the check with the default name of the table.
pub(super) fn checks<'t>(
    table: &'t Table,
    column: Option<&'t str>,
) -> impl Iterator<Item = (&'t String, &'t Constraint)> {
    let default_name = format!("{}_check", table.name.name);
    table.constraints.iter().filter(move |(name, one)| {
        one.kind == ConstraintKind::Check
            && match column {
                Some(column) => one.columns == [column],
                None => **name == default_name,
            }
    })
}

/// Returns the only match. Fails if there is none, or if there are several. `description` describes the object for the
/// message.
fn single_match<'f, T>(
    table: &Table,
    found: &[(&'f String, &'f T)],
    description: impl Fn() -> String,
) -> Result<(&'f String, &'f T), WriteError> {
    let table = table.name.name.clone();
    match found {
        [one] => Ok(*one),
        [] => Err(WriteError::ObjectNotFound { table, object: description() }),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| name.as_str()).collect();
            Err(WriteError::MultipleMatches { table, names: names.join(", ") })
        }
    }
}

/// Returns the script that removes an index. Neither direction blocks writes.
fn index_script(slug: &str, table: &Table, name: &str, index: &Index) -> GeneratedFile {
    let table = &table.name.name;
    let down = match index_builder_call(table, name, index) {
        Some(builder) => format!("add_index({builder}.concurrently())"),
        None => {
            let sql = index.definition.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            format!("execute({})", string(&sql))
        }
    };
    let script = ScriptSource {
        doc: vec![format!("Removes the index `{name}` from `{table}`.")],
        items: vec![without_transaction(WITHOUT_TRANSACTION_REASON)],
        up: FunctionBody::call(format!("remove_index_concurrently({})", string(name))),
        down: FunctionBody::Calls(with_comment(down, name, index)),
        ..ScriptSource::default()
    };
    script.file(slug)
}

/// Returns the calls that recreate an index on a table that is not in use yet.
pub(super) fn create_index(table: &str, name: &str, index: &Index) -> Vec<String> {
    let call = match index_builder_call(table, name, index) {
        Some(builder) => format!("add_index({builder})"),
        None => format!("execute({})", string(&index.definition)),
    };
    with_comment(call, name, index)
}

fn with_comment(call: String, name: &str, index: &Index) -> Vec<String> {
    let on = format!("INDEX {}", quote_if_needed(name));
    std::iter::once(call).chain(comment(&on, index.comment.as_ref())).collect()
}

/// Returns the expression of an index for SeaORM's builder, or `None` unless the index is plain and has the default
/// name.
fn index_builder_call(table: &str, name: &str, index: &Index) -> Option<String> {
    let columns: Vec<String> = index.columns()?.into_iter().map(str::to_owned).collect();
    if !index.is_plain() || name != super::index::index_name(table, &columns) {
        return None;
    }
    let uniqueness = if index.unique { Uniqueness::Unique } else { Uniqueness::Any };
    Some(builder(table, &columns, uniqueness, IndexMethod::BTree))
}

/// Returns the call that recreates a constraint.
pub(super) fn add_constraint(table: &str, name: &str, constraint: &Constraint) -> String {
    format!("add_constraint({})", strings(&[table, name, &constraint.definition]))
}

pub(super) fn comment_on_constraint(
    table: &str,
    name: &str,
    constraint: &Constraint,
) -> Option<String> {
    let on = format!("CONSTRAINT {} ON {}", quote_if_needed(name), quote_if_needed(table));
    comment(&on, constraint.comment.as_ref())
}

/// Fails if the table is part of an inheritance hierarchy, where a change affects the other tables
/// too.
pub(super) fn ensure_not_inherited(
    schema: VisibleSchema<'_>,
    table: &Table,
) -> Result<(), WriteError> {
    let shares_columns = !table.inherits.is_empty()
        || table.partition_of.is_some()
        || table.row_type.is_some()
        || has_children(schema, table);
    let property = shares_columns.then(|| Property::PartitionsOrInheritance.into());
    ensure_restorable(&table.name.name, &BTreeSet::from_iter(property))
}
