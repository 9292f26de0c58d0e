//! Operations that remove columns, indexes and checks from a table.

use super::drop::{
    attach_sequences, column, comment, comment_on_column, create_sequences, ensure_no_dependents,
    ensure_restorable, remaining_enum_types,
};
use super::index::{IndexMethod, WITHOUT_TRANSACTION_REASON, builder};
use super::snippets::{companion_slug, string_arguments};
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::inflection::join_quoted;
use crate::operation::{Columns, Uniqueness};
use crate::present::{Constraint, Index, Table};
use crate::rust_source::{FunctionBody, ScriptSource, string, without_transaction};
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Removes columns. Each of their indexes is removed before, in a script of its own, whose `down`
/// builds it concurrently.
pub(super) fn columns(
    request: &MigrationRequest<'_>,
    table: &Table,
    Columns(names): &Columns,
) -> Result<(Vec<GeneratedFile>, Vec<String>), WriteError> {
    let existing: Vec<_> =
        names.iter().map(|name| table.column(name)).collect::<Result<_, WriteError>>()?;
    for column in &existing {
        ensure_no_dependents(&column.name, &column.dependents)?;
        ensure_restorable(&column.name, &column.unsupported)?;
    }
    ensure_not_inherited(table)?;
    let touched = |columns: &[String]| columns.iter().any(|column| names.contains(column));

    let indexes = table.indexes.iter().filter(|index| touched(&index.columns));
    let mut files: Vec<GeneratedFile> = indexes
        .map(|index| index_script(&companion_slug(&format!("remove_{}", index.name)), table, index))
        .collect();

    let mut down = Vec::new();
    for column_definition in &existing {
        down.extend(create_sequences(column_definition));
        down.push(format!("add_column({}, {})", string(&table.name), column(column_definition)));
        down.extend(attach_sequences(&table.name, column_definition));
    }
    for constraint in table.constraints.iter().filter(|one| touched(&one.touches)) {
        down.push(add_constraint(&table.name, constraint));
        down.extend(comment_on_constraint(&table.name, constraint));
    }
    down.extend(existing.iter().filter_map(|existing| comment_on_column(&table.name, existing)));
    let up = names
        .iter()
        .map(|name| format!("remove_column({})", string_arguments(&[&table.name, name])));
    let mut doc = vec![format!("Removes {} from `{}`.", join_quoted(names), table.name)];
    doc.push(
        "Before this, deploy a version of the application that does not use what is removed."
            .to_owned(),
    );
    let unfillable: Vec<&str> = existing
        .iter()
        .filter(|one| {
            one.not_null
                && one.default.is_none()
                && one.generated.is_none()
                && one.identity.is_none()
                && !one.serial
        })
        .map(|one| one.name.as_str())
        .collect();
    let mut down_doc =
        "Restores the definition from when this migration was written, as the last column and \
            without its values."
            .to_owned();
    let mut notes = remaining_enum_types(existing.iter().copied());
    if !unfillable.is_empty() {
        notes.push(format!(
            "down fails on a table with rows, because {} {} NOT NULL and the values are lost; its \
                comment says what to do",
            join_quoted(&unfillable),
            if unfillable.len() == 1 { "is" } else { "are" }
        ));
        down_doc.push_str(&format!(
            " {} {} NOT NULL and the values are lost, so this fails on a table with rows. There, \
                give them a value with `.default(…)`, and drop that default in the next line, as \
                the error shows.",
            join_quoted(&unfillable),
            if unfillable.len() == 1 { "is" } else { "are" }
        ));
    }
    let script = ScriptSource {
        doc,
        up: FunctionBody::Calls(up.collect()),
        down_doc: Some(down_doc),
        down: FunctionBody::Calls(down),
        ..ScriptSource::default()
    };
    files.push(script.file(request.slug));
    Ok((files, notes))
}

/// Removes the index on those columns.
pub(super) fn index(
    request: &MigrationRequest<'_>,
    table: &Table,
    Columns(names): &Columns,
    uniqueness: Uniqueness,
) -> Result<GeneratedFile, WriteError> {
    for name in names {
        table.column(name)?;
    }
    let found: Vec<&Index> = indexes(table, names, uniqueness).collect();
    let unique = if uniqueness == Uniqueness::Unique { "unique " } else { "" };
    let what = || match table.constraints.iter().find(|one| is_unique_on(one, names)) {
        Some(constraint) => {
            format!(
                "{unique}index on {}; it has the constraint `{}`",
                join_quoted(names),
                constraint.name
            )
        }
        None => format!("{unique}index on {}", join_quoted(names)),
    };
    let index = single_match(table, &found, |index| &index.name, what)?;
    ensure_no_dependents(&index.name, &index.dependents)?;
    ensure_restorable(&index.name, &index.unsupported)?;
    ensure_not_inherited(table)?;
    Ok(index_script(request.slug, table, index))
}

/// Returns the indexes on those columns.
pub(super) fn indexes<'t>(
    table: &'t Table,
    columns: &'t [String],
    uniqueness: Uniqueness,
) -> impl Iterator<Item = &'t Index> {
    table.indexes.iter().filter(move |index| {
        let is_unique = index.definition.starts_with("CREATE UNIQUE ");
        index.columns == columns && (uniqueness == Uniqueness::Any || is_unique)
    })
}

fn is_unique_on(constraint: &Constraint, columns: &[String]) -> bool {
    matches!(constraint.kind, 'u' | 'p')
        && constraint.columns.len() == columns.len()
        && columns.iter().all(|column| constraint.columns.contains(column))
}

/// Removes the check on that column, or the check with the default name of the table.
pub(super) fn check(
    request: &MigrationRequest<'_>,
    table: &Table,
    column: Option<&str>,
) -> Result<GeneratedFile, WriteError> {
    if let Some(column) = column {
        table.column(column)?;
    }
    let default_name = format!("{}_check", table.name);
    let found: Vec<&Constraint> = checks(table, column).collect();
    let what =
        || column.map_or_else(|| format!("check `{default_name}`"), |c| format!("check on `{c}`"));
    let check = single_match(table, &found, |check| &check.name, what)?;
    ensure_no_dependents(&check.name, &check.dependents)?;
    ensure_restorable(&check.name, &check.unsupported)?;
    ensure_not_inherited(table)?;
    let script = ScriptSource {
        doc: vec![format!("Removes the check `{}` from `{}`.", check.name, table.name)],
        up: FunctionBody::call(format!(
            "remove_constraint({})",
            string_arguments(&[&table.name, &check.name])
        )),
        down: FunctionBody::Calls(
            std::iter::once(add_constraint(&table.name, check))
                .chain(comment_on_constraint(&table.name, check))
                .collect(),
        ),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Returns the checks on that column, or the check with the default name of the table.
pub(super) fn checks<'t>(
    table: &'t Table,
    column: Option<&'t str>,
) -> impl Iterator<Item = &'t Constraint> {
    let default_name = format!("{}_check", table.name);
    table.constraints.iter().filter(move |one| {
        one.kind == 'c'
            && match column {
                Some(column) => one.columns == [column],
                None => one.name == default_name,
            }
    })
}

fn single_match<'f, T>(
    table: &Table,
    found: &[&'f T],
    name: impl Fn(&T) -> &String,
    what: impl Fn() -> String,
) -> Result<&'f T, WriteError> {
    match found {
        [one] => Ok(one),
        [] => Err(WriteError::ObjectNotFound { table: table.name.clone(), what: what() }),
        several => {
            let names = several.iter().map(|one| name(one).clone()).collect::<Vec<_>>().join(", ");
            Err(WriteError::MultipleMatches { table: table.name.clone(), names })
        }
    }
}

/// Returns the script that removes an index. Neither direction blocks writes.
fn index_script(slug: &str, table: &Table, index: &Index) -> GeneratedFile {
    let down = match index_builder_call(&table.name, index) {
        Some(builder) => format!("add_index({builder}.concurrently())"),
        None => {
            let sql = index.definition.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            format!("execute({})", string(&sql))
        }
    };
    let script = ScriptSource {
        doc: vec![format!("Removes the index `{}` from `{}`.", index.name, table.name)],
        items: vec![without_transaction(WITHOUT_TRANSACTION_REASON)],
        up: FunctionBody::call(format!("remove_index_concurrently({})", string(&index.name))),
        down: FunctionBody::Calls(with_comment(down, index)),
        ..ScriptSource::default()
    };
    script.file(slug)
}

/// Returns the calls that recreate an index on a table that nobody uses yet.
pub(super) fn create_index(table: &str, index: &Index) -> Vec<String> {
    let call = match index_builder_call(table, index) {
        Some(builder) => format!("add_index({builder})"),
        None => format!("execute({})", string(&index.definition)),
    };
    with_comment(call, index)
}

fn with_comment(call: String, index: &Index) -> Vec<String> {
    let on = format!("INDEX {}", quote_if_needed(&index.name));
    std::iter::once(call).chain(comment(&on, index.comment.as_ref())).collect()
}

/// Returns the builder's call for a plain index with the default name.
fn index_builder_call(table: &str, index: &Index) -> Option<String> {
    let name = super::index::index_name(table, &index.columns);
    let columns: Vec<String> = index.columns.iter().map(|column| quote_if_needed(column)).collect();
    let default = |unique: &str| {
        let columns = columns.join(", ");
        format!(
            "CREATE {unique}INDEX {} ON {} USING btree ({columns})",
            quote_if_needed(&name),
            quote_if_needed(table)
        )
    };
    let uniqueness = [("", Uniqueness::Any), ("UNIQUE ", Uniqueness::Unique)]
        .into_iter()
        .find_map(|(word, uniqueness)| (index.definition == default(word)).then_some(uniqueness))?;
    Some(builder(table, &index.columns, uniqueness, IndexMethod::BTree))
}

/// Returns the call that recreates a constraint.
pub(super) fn add_constraint(table: &str, constraint: &Constraint) -> String {
    format!(
        "add_constraint({})",
        string_arguments(&[table, &constraint.name, &constraint.definition])
    )
}

pub(super) fn comment_on_constraint(table: &str, constraint: &Constraint) -> Option<String> {
    let on =
        format!("CONSTRAINT {} ON {}", quote_if_needed(&constraint.name), quote_if_needed(table));
    comment(&on, constraint.comment.as_ref())
}

/// Fails if the table is part of an inheritance hierarchy, where a change affects the other tables
/// too.
pub(super) fn ensure_not_inherited(table: &Table) -> Result<(), WriteError> {
    let what = if table.inherits { vec!["partitions or inheritance".to_owned()] } else { vec![] };
    ensure_restorable(&table.name, &what)
}
