//! What comes to a table that exists.

use super::ground::Ground;
use super::parts::{
    companion, enums, extensions, field_column, inline_foreign_key, listed, quoted, trial_of_field,
    trial_of_fill,
};
use super::rows_of_old::{self, Step};
use super::{Request, WriteError, Written, create, index};
use crate::field::{Field, Kind, one_expression};
use crate::rust::{Body, Script, string};
use crate::sql::{fitted, word};
use crate::trial::{Trial, copied, copy};

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
            "From here on the application writes it. Deploy that before step 3.".to_owned(),
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
    let name = fitted(&base, "_check");
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
