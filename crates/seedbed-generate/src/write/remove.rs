//! Parts of a table that go, and come back as they were.

use super::drop::{
    column, comment, comment_on_column, create_sequences, needed, own_sequences, restorable,
    types_that_stay,
};
use super::index::{Method, WHY, builder};
use super::parts::{companion, quoted};
use super::{GeneratedFile, Request, WriteError};
use crate::intent::{Columns, Uniqueness};
use crate::present::{Constraint, Index, Table};
use crate::rust::{Body, Script, string, without_transaction};
use crate::sql::word;
use crate::words::listed;

/// Removes columns. Their indexes go before, each in a script of its own, so that their way back is
/// built while the application writes.
pub(super) fn columns(
    request: &Request<'_>,
    table: &Table,
    Columns(names): &Columns,
) -> Result<(Vec<GeneratedFile>, Vec<String>), WriteError> {
    let present: Vec<_> =
        names.iter().map(|name| table.column(name)).collect::<Result<_, WriteError>>()?;
    for column in &present {
        needed(&column.name, &column.needed_by)?;
        restorable(&column.name, &column.beyond)?;
    }
    alone(table)?;
    let touched = |columns: &[String]| columns.iter().any(|column| names.contains(column));

    let indexes = table.indexes.iter().filter(|index| touched(&index.columns));
    let mut files: Vec<GeneratedFile> = indexes
        .map(|index| index_script(&companion(&format!("remove_{}", index.name)), table, index))
        .collect();

    let mut down = Vec::new();
    for present in &present {
        down.extend(create_sequences(present));
        down.push(format!("add_column({}, {})", string(&table.name), column(present)));
        down.extend(own_sequences(&table.name, present));
    }
    for constraint in table.constraints.iter().filter(|one| touched(&one.touches)) {
        down.push(add_constraint(&table.name, constraint));
        down.extend(comment_on_constraint(&table.name, constraint));
    }
    down.extend(present.iter().filter_map(|present| comment_on_column(&table.name, present)));
    let up = names.iter().map(|name| format!("remove_column({})", quoted(&[&table.name, name])));
    let mut doc = vec![format!("Removes {} from `{}`.", listed(names), table.name)];
    doc.push(
        "What runs in the old version of the application asks for it still: deploy one that does not \
         before this."
            .to_owned(),
    );
    let unfillable: Vec<&str> = present
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
        "As it was when this was written, as the last column and without its values.".to_owned();
    let mut notes = types_that_stay(present.iter().copied());
    if !unfillable.is_empty() {
        notes.push(format!(
            "down fails on a table that has rows, as {} {} never null and the values are gone; the comment on it \
             says what to write there",
            listed(&unfillable),
            if unfillable.len() == 1 { "is" } else { "are" }
        ));
        down_doc.push_str(&format!(
            " {} {} never null, and the values are gone: on a table that has rows this fails. There, say \
             what they get by `.default(…)`, and drop that default in the next line, as the error shows.",
            listed(&unfillable),
            if unfillable.len() == 1 { "is" } else { "are" }
        ));
    }
    let script = Script {
        doc,
        up: Body::Calls(up.collect()),
        down_doc: Some(down_doc),
        down: Body::Calls(down),
        ..Script::default()
    };
    files.push(script.file(request.slug));
    Ok((files, notes))
}

/// Removes the one index on those columns.
pub(super) fn index(
    request: &Request<'_>,
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
            format!("{unique}index on {}, but the constraint `{}`", listed(names), constraint.name)
        }
        None => format!("{unique}index on {}", listed(names)),
    };
    let index = one(table, &found, |index| &index.name, what)?;
    needed(&index.name, &index.needed_by)?;
    restorable(&index.name, &index.beyond)?;
    alone(table)?;
    Ok(index_script(request.slug, table, index))
}

/// The indexes on those columns.
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

/// Removes the one check on that column, or the one that has the name for the whole table.
pub(super) fn check(
    request: &Request<'_>,
    table: &Table,
    column: Option<&str>,
) -> Result<GeneratedFile, WriteError> {
    if let Some(column) = column {
        table.column(column)?;
    }
    let whole = format!("{}_check", table.name);
    let found: Vec<&Constraint> = checks(table, column).collect();
    let what = || column.map_or_else(|| format!("check `{whole}`"), |c| format!("check on `{c}`"));
    let check = one(table, &found, |check| &check.name, what)?;
    needed(&check.name, &check.needed_by)?;
    restorable(&check.name, &check.beyond)?;
    alone(table)?;
    let script = Script {
        doc: vec![format!("Removes the check `{}` from `{}`.", check.name, table.name)],
        up: Body::call(format!("remove_constraint({})", quoted(&[&table.name, &check.name]))),
        down: Body::Calls(
            std::iter::once(add_constraint(&table.name, check))
                .chain(comment_on_constraint(&table.name, check))
                .collect(),
        ),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}

/// The checks on that column, or the one that has the name for the whole table.
pub(super) fn checks<'t>(
    table: &'t Table,
    column: Option<&'t str>,
) -> impl Iterator<Item = &'t Constraint> {
    let whole = format!("{}_check", table.name);
    table.constraints.iter().filter(move |one| {
        one.kind == 'c'
            && match column {
                Some(column) => one.columns == [column],
                None => one.name == whole,
            }
    })
}

fn one<'f, T>(
    table: &Table,
    found: &[&'f T],
    name: impl Fn(&T) -> &String,
    what: impl Fn() -> String,
) -> Result<&'f T, WriteError> {
    match found {
        [one] => Ok(one),
        [] => Err(WriteError::Nothing { table: table.name.clone(), what: what() }),
        several => {
            let names = several.iter().map(|one| name(one).clone()).collect::<Vec<_>>().join(", ");
            Err(WriteError::Several { table: table.name.clone(), names })
        }
    }
}

/// The script that removes an index; both ways keep nobody from writing.
fn index_script(slug: &str, table: &Table, index: &Index) -> GeneratedFile {
    let down = match by_builder(&table.name, index) {
        Some(builder) => format!("add_index({builder}.concurrently())"),
        None => {
            let sql = index.definition.replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
            format!("execute({})", string(&sql))
        }
    };
    let script = Script {
        doc: vec![format!("Removes the index `{}` from `{}`.", index.name, table.name)],
        items: vec![without_transaction(WHY)],
        up: Body::call(format!("remove_index_concurrently({})", string(&index.name))),
        down: Body::Calls(with_comment(down, index)),
        ..Script::default()
    };
    script.file(slug)
}

/// The calls that build an index as it is, on a table that nobody uses yet.
pub(super) fn create_index(table: &str, index: &Index) -> Vec<String> {
    let call = match by_builder(table, index) {
        Some(builder) => format!("add_index({builder})"),
        None => format!("execute({})", string(&index.definition)),
    };
    with_comment(call, index)
}

fn with_comment(call: String, index: &Index) -> Vec<String> {
    let on = format!("INDEX {}", word(&index.name));
    std::iter::once(call).chain(comment(&on, index.comment.as_ref())).collect()
}

/// The builder of an index that is nothing but columns under the usual name.
fn by_builder(table: &str, index: &Index) -> Option<String> {
    let name = super::index::name(table, &index.columns);
    let columns: Vec<String> = index.columns.iter().map(|column| word(column)).collect();
    let usual = |unique: &str| {
        let columns = columns.join(", ");
        format!("CREATE {unique}INDEX {} ON {} USING btree ({columns})", word(&name), word(table))
    };
    let uniqueness = [("", Uniqueness::Any), ("UNIQUE ", Uniqueness::Unique)]
        .into_iter()
        .find_map(|(word, uniqueness)| (index.definition == usual(word)).then_some(uniqueness))?;
    Some(builder(table, &index.columns, uniqueness, Method::BTree))
}

/// The call that adds a constraint as it is.
pub(super) fn add_constraint(table: &str, constraint: &Constraint) -> String {
    format!("add_constraint({})", quoted(&[table, &constraint.name, &constraint.definition]))
}

pub(super) fn comment_on_constraint(table: &str, constraint: &Constraint) -> Option<String> {
    let on = format!("CONSTRAINT {} ON {}", word(&constraint.name), word(table));
    comment(&on, constraint.comment.as_ref())
}

/// Refuses a table whose columns others have from it, or it has from others: what is done to one is done to
/// all of them.
pub(super) fn alone(table: &Table) -> Result<(), WriteError> {
    let what = if table.inherits { vec!["partitions or inheritance".to_owned()] } else { vec![] };
    restorable(&table.name, &what)
}
