//! Operations that add columns and checks to an existing table.

use seedbed_build::ScriptKind;
use seedbed_config::{Hint, SuggestedCommand};

use super::backfill::{self, BackfillSequence};
use super::snippets::{
    backfill_dry_run, companion_slug, enum_calls, extension_scripts, field_column, field_dry_run,
    inline_foreign_key,
};
use super::target_table::TargetTable;
use super::{MigrationOutcome, MigrationRequest, WriteError, create, index};
use crate::field::{Field, FieldKind, ensure_single_expression};
use crate::operation::{Columns, TableName};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings};
use seedbed_sql::fit_name;

use crate::dry_run::{DryRun, copy_name, copy_table_sql};
use crate::names::join_quoted;
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Adds columns. A NOT NULL column without a default takes three scripts, because existing rows need a value first. An
/// index gets a separate script, because it is built concurrently.
pub(super) fn columns(
    request: &MigrationRequest<'_>,
    target: TargetTable<'_>,
    fields: &[Field],
) -> Result<MigrationOutcome, WriteError> {
    let table = target.name;
    let fields = &request.resolve_references(fields, table)?;
    let filled: Vec<&Field> = fields.iter().filter(|field| field.needs_backfill()).collect();
    let (mut up, drop_enums) = enum_calls(request, fields, table)?;
    for field in fields {
        target.ensure_column_is_new(&field.column())?;
        let not_null = field.not_null() && !field.needs_backfill();
        let mut column = field_column(field, table, not_null);
        if let FieldKind::References { table: to, on_delete, .. } = &field.kind {
            column.push_str(&inline_foreign_key(target, &field.column(), to, *on_delete)?);
        }
        up.push(format!("add_column({}, {column})", string(table)));
    }
    let mut down: Vec<String> = fields
        .iter()
        .rev()
        .map(|field| format!("remove_column({})", strings(&[table, &field.column()])))
        .collect();
    down.extend(drop_enums);

    let script = ScriptSource {
        doc: doc(table, fields, !filled.is_empty()),
        up: FunctionBody::Calls(up),
        down: FunctionBody::Calls(down),
        ..ScriptSource::default()
    };
    let mut files = extension_scripts(request, fields, table);
    files.push(script.file(request.slug));
    let mut notes = rewrite_notes(fields, table);
    if !filled.is_empty() {
        let step = BackfillSequence::AfterNewColumn;
        backfill::scripts(target, &filled, step, &mut files, &mut notes);
        notes.push(deploy_note(request.slug, &filled));
    }
    for field in fields {
        if let Some(uniqueness) = create::wanted_index(field) {
            files.push(index::for_field(request, table, field, uniqueness)?);
        }
    }
    let mut dry_runs: Vec<DryRun> = fields.iter().filter_map(field_dry_run).collect();
    dry_runs.extend(filled.iter().filter_map(|field| backfill_dry_run(fields, field, table)));
    Ok(MigrationOutcome::Generated { files, notes, dry_runs })
}

/// Returns a note for each column whose default makes PostgreSQL rewrite the table.
fn rewrite_notes(fields: &[Field], table: &str) -> Vec<Hint> {
    let rewriting = fields.iter().filter(|field| field.rewrites_table());
    let note = |field: &Field| {
        Hint::text(format!(
            "the default of `{}` is computed for each row, so PostgreSQL rewrites `{table}` under a \
                lock, which takes long for a large table",
            field.column()
        ))
    };
    rewriting.map(note).collect()
}

/// Returns the note on how to deploy the scripts that make the columns NOT NULL.
fn deploy_note(slug: &str, filled: &[&Field]) -> Hint {
    let columns: Vec<String> = filled.iter().map(|field| field.column()).collect();
    let up = SuggestedCommand::Up { kind: ScriptKind::Migration, name: None };
    Hint::text("one ").then_command(up).then(format!(
        " applies all of these files. In production, deploy the first one alone with \
            `migrator migrate-up --to {slug}` and an application that writes {}, then the others",
        join_quoted(&columns)
    ))
}

fn doc(table: &str, fields: &[Field], needs_backfill: bool) -> Vec<String> {
    let names: Vec<String> = fields.iter().map(Field::column).collect();
    let summary = format!("Adds {} to `{table}`.", join_quoted(&names));
    if !needs_backfill {
        return vec![summary];
    }
    vec![
        format!("{summary} Step 1 of 3 toward NOT NULL: nullable."),
        format!("From now on the application has to write it. {}", backfill::DEPLOY_STEPS),
    ]
}

/// Fails if the name lists as many columns as there are fields, but none of the fields. Any other name passes, because
/// it may use a collective term for the fields, such as `Address` or `Columns`.
pub(super) fn ensure_fields_match_name(
    request: &MigrationRequest<'_>,
    table: &TableName,
    Columns(names): &Columns,
    fields: &[Field],
) -> Result<(), WriteError> {
    const COLLECTIVE: &[&str] = &["column", "columns", "details", "field", "fields", "more"];
    let padded = format!("_{}_", names.join("_and_"));
    let is_named = |field: &Field| {
        [&field.name, &field.column()].iter().any(|name| padded.contains(&format!("_{name}_")))
    };
    if names.len() != fields.len()
        || fields.iter().any(is_named)
        || names.iter().any(|name| COLLECTIVE.contains(&name.as_str()))
    {
        return Ok(());
    }
    let columns: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let renamed_fields: Vec<String> = fields
        .iter()
        .zip(names)
        .map(|(field, name)| field.input.replacen(&field.name, name, 1))
        .collect();
    Err(WriteError::WrongFields {
        slug: request.slug.to_owned(),
        names: names.clone(),
        hint: Hint::text("write ").then_variable("fields", renamed_fields.join(" ")).then(format!(
            ", or use the name `add_{}_to_{}`",
            columns.join("_and_"),
            table.input
        )),
        fields: columns,
    })
}

/// Adds a check in two scripts. The first one enforces it for new rows, the second one validates the existing rows
/// without blocking other sessions.
pub(super) fn check(
    request: &MigrationRequest<'_>,
    target: TargetTable<'_>,
    column: Option<&str>,
    condition: &str,
) -> Result<MigrationOutcome, WriteError> {
    let table = target.name;
    ensure_single_expression(condition).map_err(|problem| WriteError::InvalidCondition {
        condition: condition.to_owned(),
        problem,
    })?;
    column.map_or(Ok(()), |column| target.ensure_column_exists(column))?;
    let base = column.map_or_else(|| table.to_owned(), |column| format!("{table}_{column}"));
    let name = fit_name(&base, "_check");
    target.ensure_constraint_name_is_free(&name)?;
    let add = format!("{}, {}", strings(&[table, &name]), string(&format!("CHECK ({condition})")));
    let remove = format!("remove_constraint({})", strings(&[table, &name]));
    let first = ScriptSource {
        doc: vec![
            format!("Checks each new row of `{table}`: `{condition}`."),
            "Step 1 of 2. The next script validates the existing rows.".to_owned(),
        ],
        up: FunctionBody::call(format!("add_constraint_not_valid({add})")),
        down: FunctionBody::call(remove.clone()),
        ..ScriptSource::default()
    };
    let second = ScriptSource {
        doc: vec![
            format!(
                "Validates {} for the existing rows of `{table}`, step 2 of 2.",
                quote_if_needed(&name)
            ),
            "It scans the whole table without blocking writes.".to_owned(),
        ],
        up: FunctionBody::call(format!("validate_constraint({})", strings(&[table, &name]))),
        down_doc: Some(
            "PostgreSQL cannot undo a validation, so the check is recreated.".to_owned(),
        ),
        down: FunctionBody::Calls(vec![remove, format!("add_constraint_not_valid({add})")]),
        ..ScriptSource::default()
    };
    let files =
        vec![first.file(request.slug), second.file(&companion_slug(&format!("validate_{name}")))];
    let add_to_copy = format!(
        "ALTER TABLE {} ADD CONSTRAINT {} CHECK ({condition})",
        copy_name(table),
        quote_if_needed(&name)
    );
    let dry_run = DryRun::new(
        format!("the condition `{condition}`"),
        vec![copy_table_sql(table, ""), add_to_copy],
    );
    Ok(MigrationOutcome::Generated { files, notes: Vec::new(), dry_runs: vec![dry_run] })
}
