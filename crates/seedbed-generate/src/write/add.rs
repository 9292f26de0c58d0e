//! What comes to a table that exists.

use super::ground::Ground;
use super::parts::{
    companion, enums, extensions, field_column, inline_foreign_key, quoted, trial_of_field,
    trial_of_fill,
};
use super::rows_of_old::{self, Step};
use super::{Request, WriteError, Written, create, index};
use crate::field::{Field, Kind, one_expression};
use crate::intent::{Columns, TableName};
use crate::rust::{Body, Script, string};
use seedbed_sql::fit_name;

use crate::sql::word;
use crate::trial::{Trial, copied, copy};
use crate::words::listed;

/// New columns. One that is NOT NULL and has no default takes three scripts, since the rows that are
/// there have nothing in it; an index is built beside, in a script of its own.
pub(super) fn columns(
    request: &Request<'_>,
    ground: Ground<'_>,
    fields: &[Field],
) -> Result<Written, WriteError> {
    let table = ground.name;
    let fields = &request.refer(fields, table)?;
    let filled: Vec<&Field> = fields.iter().filter(|field| field.needs_rows_filled()).collect();
    let (mut up, drop_enums) = enums(request, fields, table)?;
    for field in fields {
        ground.lacks(&field.column())?;
        let not_null = field.not_null() && !field.needs_rows_filled();
        let mut column = field_column(field, table, not_null);
        if let Kind::References { table: to, on_delete, .. } = &field.kind {
            column.push_str(&inline_foreign_key(ground, &field.column(), to, *on_delete)?);
        }
        up.push(format!("add_column({}, {column})", string(table)));
    }
    let mut down: Vec<String> = fields
        .iter()
        .rev()
        .map(|field| format!("remove_column({})", quoted(&[table, &field.column()])))
        .collect();
    down.extend(drop_enums);

    let names: Vec<String> = fields.iter().map(Field::column).collect();
    let what = format!("Adds {} to `{table}`.", listed(&names));
    let doc = if filled.is_empty() {
        vec![what]
    } else {
        vec![
            format!("{what} NOT NULL for a table with rows, step 1 of 3: nullable."),
            format!("From here on the application writes it. {}", rows_of_old::ONE_BY_ONE),
        ]
    };
    let script = Script { doc, up: Body::Calls(up), down: Body::Calls(down), ..Script::default() };
    let mut files = extensions(request, fields, table);
    files.push(script.file(request.slug));
    let mut notes = Vec::new();
    for field in fields.iter().filter(|field| field.is_computed_for_each_row()) {
        notes.push(format!(
            "`{}` may be another value in each row: `{table}` is written anew while it is locked, which \
             takes long if it is large",
            field.column()
        ));
    }
    if !filled.is_empty() {
        rows_of_old::scripts(ground, &filled, Step::TwoOfThree, &mut files, &mut notes);
        notes.push(format!(
            "one `make migrate-up` applies all of these. In production deploy the first alone, by `migrate-up --to {}` \
             (with make: to=), with an application that writes {}, and then the others",
            request.slug,
            listed(&filled.iter().map(|field| field.column()).collect::<Vec<_>>())
        ));
    }
    for field in fields {
        if let Some(uniqueness) = create::wanted(field) {
            files.push(index::of_field(request, table, field, uniqueness)?);
        }
    }
    let mut trials: Vec<Trial> = fields.iter().filter_map(trial_of_field).collect();
    trials.extend(filled.iter().filter_map(|field| trial_of_fill(fields, field, table)));
    Ok(Written::Files { files, notes, trials })
}

/// Refuses fields that are others than the name says. A name may also say it in short, as `Address` or
/// `Columns` for several of them.
pub(super) fn agree(
    request: &Request<'_>,
    table: &TableName,
    Columns(names): &Columns,
    fields: &[Field],
) -> Result<(), WriteError> {
    const ANY: &[&str] = &["column", "columns", "details", "field", "fields", "more"];
    let whole = format!("_{}_", names.join("_and_"));
    let named = |field: &&Field| {
        [&field.name, &field.column()].iter().any(|name| whole.contains(&format!("_{name}_")))
    };
    if names.len() != fields.len()
        || fields.iter().any(|field| named(&field))
        || names.iter().any(|name| ANY.contains(&name.as_str()))
    {
        return Ok(());
    }
    let columns: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let typed: Vec<String> = fields
        .iter()
        .zip(names)
        .map(|(field, name)| field.typed.replacen(&field.name, name, 1))
        .collect();
    Err(WriteError::OtherFields {
        slug: request.slug.to_owned(),
        names: names.clone(),
        hint: format!(
            "fields='{}', or name=add_{}_to_{}",
            typed.join(" "),
            columns.join("_and_"),
            table.typed
        ),
        fields: columns,
    })
}

/// A check, in two scripts: it holds for new rows at once, and the old ones are looked at without
/// locking anybody out.
pub(super) fn check(
    request: &Request<'_>,
    ground: Ground<'_>,
    column: Option<&str>,
    condition: &str,
) -> Result<Written, WriteError> {
    let table = ground.name;
    one_expression(condition)
        .map_err(|problem| WriteError::NoCondition { condition: condition.to_owned(), problem })?;
    column.map_or(Ok(()), |column| ground.has(column))?;
    let base = column.map_or_else(|| table.to_owned(), |column| format!("{table}_{column}"));
    let name = fit_name(&base, "_check");
    ground.lacks_constraint(&name)?;
    let add = format!("{}, {}", quoted(&[table, &name]), string(&format!("CHECK ({condition})")));
    let remove = format!("remove_constraint({})", quoted(&[table, &name]));
    let first = Script {
        doc: vec![
            format!("Checks each new row of `{table}`: `{condition}`."),
            "Step 1 of 2. The rows that are there already are looked at by the next script."
                .to_owned(),
        ],
        up: Body::call(format!("add_constraint_not_valid({add})")),
        down: Body::call(remove.clone()),
        ..Script::default()
    };
    let second = Script {
        doc: vec![
            format!(
                "Checks the rows of `{table}` that were there before {}, step 2 of 2.",
                word(&name)
            ),
            "It reads the whole table, and keeps nobody from writing meanwhile.".to_owned(),
        ],
        up: Body::call(format!("validate_constraint({})", quoted(&[table, &name]))),
        down_doc: Some("PostgreSQL has no way to take a validation back.".to_owned()),
        down: Body::Calls(vec![remove, format!("add_constraint_not_valid({add})")]),
        ..Script::default()
    };
    let files =
        vec![first.file(request.slug), second.file(&companion(&format!("validate_{name}")))];
    let add =
        format!("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({condition})", copied(table), word(&name));
    let trial = Trial::new(format!("the condition `{condition}`"), vec![copy(table, ""), add]);
    Ok(Written::Files { files, notes: Vec::new(), trials: vec![trial] })
}
