//! The scripts that make a column NOT NULL on a table with rows.
//!
//! The first script backfills the existing rows, and the second one sets NOT NULL. For a new column, both follow the
//! script that adds the column:
//!
//! ```text
//! add_a_to_widgets ──► backfill_a_of_widgets ──► require_a_of_widgets
//! (nullable)           (batches)                 (NOT NULL)
//! ```

use seedbed_config::Hint;

use super::GeneratedFile;
use super::snippets::companion_slug;
use super::target_table::{BatchKey, BatchKeyType, TargetTable};
use crate::field::{DefaultValue, Field, FieldKind, TypeClass};
use crate::operation::Uniqueness;
use crate::rust_source::{FunctionBody, ScriptSource, string, strings, without_transaction};
use seedbed_sql::quote_literal;

use crate::dry_run::copy_name;
use crate::names::join_quoted;
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// The paragraph that explains how the steps are deployed.
pub(super) const DEPLOY_STEPS: &str = "`migrate-up` applies all steps at once. In production, \
    deploy each step separately with `migrate-up --to` and its name, and the last one when no \
    running application writes nulls.";

/// The position of the two scripts in a sequence of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BackfillSequence<'s> {
    /// A first script adds the column, so the two scripts are steps 2 and 3.
    AfterNewColumn,
    /// The column exists, so the two scripts are the only steps, and the second one has the requested name.
    ExistingColumn { slug: &'s str },
}

impl BackfillSequence<'_> {
    const fn step_labels(self) -> (&'static str, &'static str) {
        match self {
            Self::AfterNewColumn => ("step 2 of 3", "step 3 of 3"),
            Self::ExistingColumn { .. } => ("step 1 of 2", "step 2 of 2"),
        }
    }
}

/// Appends both scripts to `files`, and notes about them to `notes`.
pub(super) fn scripts(
    target: TargetTable<'_>,
    fields: &[&Field],
    sequence: BackfillSequence<'_>,
    files: &mut Vec<GeneratedFile>,
    notes: &mut Vec<Hint>,
) {
    let table = target.name;
    let (backfill_step, require_step) = sequence.step_labels();
    let (mut filled, mut manual) = (Vec::new(), Vec::new());
    let key = target.batch_key();
    for field in fields {
        match backfill_value(field, table).filter(|_| key.is_some()) {
            Some(value) => filled.push((field.column(), value)),
            None => manual.push(field.column()),
        }
    }
    if let Some(key) = key.as_ref().filter(|_| !filled.is_empty()) {
        let columns: Vec<String> = filled.iter().map(|(column, _)| column.clone()).collect();
        let slug = script_slug("backfill", &columns, table);
        // The values of these columns are neither given nor a default, so a note names them.
        let guessed = fields
            .iter()
            .filter(|field| field.fill.is_none() && field.default.is_none())
            .map(|field| field.column());
        for column in guessed {
            if let Some((_, value)) = filled.iter().find(|(filled, _)| *filled == column) {
                notes.push(
                    format!(
                        "`{slug}` sets `{column}` of existing rows to {value}; to set another value, write `:fill(SQL)` \
                            after the type"
                    )
                    .into(),
                );
            }
        }
        files.push(backfill_script(table, key, &columns, &filled, backfill_step).file(&slug));
    }
    if !manual.is_empty() {
        let slug = script_slug("backfill", &manual, table);
        let why = if key.is_some() {
            "to generate them, write `:fill(SQL)` after the type"
        } else {
            "a backfill runs in batches by a primary key of one uuid or integer column, and the table has none"
        };
        notes.push(
            format!(
                "write the values of {} for existing rows of `{table}` in `{slug}`; {why}",
                join_quoted(&manual)
            )
            .into(),
        );
        files.push(manual_script(table, &manual, backfill_step).file(&slug));
    }
    let names: Vec<String> = fields.iter().map(|field| field.column()).collect();
    let slug = match sequence {
        BackfillSequence::AfterNewColumn => script_slug("require", &names, table),
        BackfillSequence::ExistingColumn { slug } => slug.to_owned(),
    };
    files.push(not_null_script(table, &names, require_step).file(&slug));
}

/// Returns a name such as `backfill_name_and_price_of_products`, shortened if it is too long to
/// read.
fn script_slug(verb: &str, columns: &[String], table: &str) -> String {
    let slug = format!("{verb}_{}_of_{table}", columns.join("_and_"));
    companion_slug(&if slug.len() <= 80 { slug } else { format!("{verb}_columns_of_{table}") })
}

/// Returns the script that backfills the columns `names`. `values` pairs each of them with its value as SQL.
fn backfill_script(
    table: &str,
    key: &BatchKey,
    names: &[String],
    values: &[(String, String)],
    step: &str,
) -> ScriptSource {
    let (imports, rust_type, least_key, next_key) = match key.kind {
        BatchKeyType::Uuid => (
            vec!["uuid::Uuid".to_owned()],
            "Uuid",
            "Uuid::nil()",
            "last.as_u128().checked_add(1).map(Uuid::from_u128)",
        ),
        BatchKeyType::Integer => (Vec::new(), "i64", "i64::MIN", "last.checked_add(1)"),
    };
    ScriptSource {
        doc: vec![format!("Backfills {} of `{table}`, {step}.", join_quoted(names))],
        imports,
        items: vec![
            without_transaction(
                "Each batch commits separately, so that a row is locked only while its batch runs. \
                    The script can run again: it skips rows that have a value.",
            ),
            format!(
                "/// Updates a batch of rows in the order of their keys, from the given key on.\n\
                 const BATCH: &str = {};",
                string(&batch_statement(table, key, values))
            ),
        ],
        up: FunctionBody::Source(format!(
            "let mut from = Some({least_key});
    while let Some(key) = from {{
        let batch = Statement::from_sql_and_values(DbBackend::Postgres, BATCH, [key.into()]);
        from = match schema.query_one_raw(batch).await? {{
            Some(row) => {{
                let last: {rust_type} = row.try_get(\"\", \"key\")?;
                {next_key}
            }}
            None => None,
        }};
    }}
    Ok(())"
        )),
        down_doc: Some("Nothing to revert: it is not known which rows had no value.".to_owned()),
        ..ScriptSource::default()
    }
}

/// Returns the statement that updates a batch of rows and returns the key of the last one.
fn batch_statement(table: &str, key: &BatchKey, values: &[(String, String)]) -> String {
    let target = quote_if_needed(table);
    let column = |(column, value): &(String, String)| (quote_if_needed(column), value.clone());
    let (set, missing) = match values {
        [one] => {
            let (column, value) = column(one);
            (format!(" {column} = {value}"), format!("{target}.{column} IS NULL"))
        }
        several => {
            let columns: Vec<(String, String)> = several.iter().map(column).collect();
            let set = columns.iter().map(|(column, value)| {
                format!("\n            {column} = coalesce({target}.{column}, {value})")
            });
            let missing = columns.iter().map(|(column, _)| format!("{target}.{column} IS NULL"));
            let missing = missing.collect::<Vec<_>>().join("\n            OR ");
            (set.collect::<Vec<_>>().join(","), format!("(\n            {missing})"))
        }
    };
    let id = quote_if_needed(&key.column);
    // The batch is in a subquery, because the expressions of the values could also refer to the columns of a table in a
    // `FROM` clause.
    format!(
        "
    WITH batch AS (SELECT {id} AS key FROM {target} WHERE {id} >= $1 ORDER BY {id} LIMIT 1000),
    filled AS (
        UPDATE {target} SET{set}
        WHERE {target}.{id} IN (SELECT key FROM batch) AND {missing}
    )
    SELECT key{} FROM batch ORDER BY key DESC LIMIT 1",
        if key.kind == BatchKeyType::Integer { "::bigint" } else { "" }
    )
}

/// Returns the statement that checks the value of `:fill(SQL)` on a copy of the table that has the
/// new column.
pub(super) fn dry_run_sql(field: &Field, table: &str) -> Option<String> {
    let fill = field.fill.as_ref()?;
    let column = quote_if_needed(&field.column());
    Some(format!("UPDATE {} SET {column} = {fill} WHERE {column} IS NULL", copy_name(table)))
}

/// Returns the backfill that the user has to write.
fn manual_script(table: &str, names: &[String], step: &str) -> ScriptSource {
    ScriptSource {
        doc: vec![
            format!("Backfills {} of `{table}`, {step}.", join_quoted(names)),
            "Not written yet: set the value of the existing rows.".to_owned(),
        ],
        up: FunctionBody::Source("schema.not_written(file!())".to_owned()),
        down_doc: Some("Nothing to revert.".to_owned()),
        ..ScriptSource::default()
    }
}

/// Returns the script that sets the columns to NOT NULL.
fn not_null_script(table: &str, names: &[String], step: &str) -> ScriptSource {
    let calls = |verb: &str, names: &mut dyn Iterator<Item = &String>| {
        FunctionBody::Calls(
            names.map(|name| format!("{verb}({})", strings(&[table, name]))).collect(),
        )
    };
    ScriptSource {
        doc: vec![
            format!("Sets {} of `{table}` to NOT NULL, {step}.", join_quoted(names)),
            DEPLOY_STEPS.to_owned(),
        ],
        items: vec![without_transaction(
            "[`Schema::set_not_null`] uses a validated check, which does not block other sessions if each \
                of its statements commits separately. The script can run again.",
        )],
        up: calls("set_not_null", &mut names.iter()),
        down: calls("drop_not_null", &mut names.iter().rev()),
        ..ScriptSource::default()
    }
}

/// Returns the value that existing rows get, as SQL. This is the value of `:fill(SQL)`, else the default of the field,
/// else the empty value of its type. Returns `None` if the type has no such value.
fn backfill_value(field: &Field, table: &str) -> Option<String> {
    if let Some(fill) = &field.fill {
        return Some(fill.clone());
    }
    if let Some(default) = field.default.as_ref().filter(|default| **default != DefaultValue::None)
    {
        return Some(default.sql());
    }
    let field_type = field.type_in(table);
    let unique = field.index == Some(Uniqueness::Unique);
    match &field.kind {
        FieldKind::References { .. } => return None,
        FieldKind::Enum { values, array: false } if !unique => {
            return values.first().map(|value| quote_literal(value));
        }
        _ => {}
    }
    // One value for all rows would violate the unique index.
    if unique && field_type.class != TypeClass::Uuid {
        return None;
    }
    let is = |name: &str| field_type.data_type.is_builtin(name);
    let is_timestamp = is("timestamp with time zone") || is("timestamp without time zone");
    Some(
        match field_type.class {
            TypeClass::Text | TypeClass::Bytes => "''",
            TypeClass::Integer | TypeClass::Number if is("money") => "'0'",
            TypeClass::Integer | TypeClass::Number => "0",
            TypeClass::Boolean => "false",
            TypeClass::DateTime if is("date") => "current_date",
            TypeClass::DateTime if is_timestamp => "now()",
            TypeClass::DateTime if is("interval") => "'0'",
            TypeClass::DateTime => "'00:00'",
            TypeClass::Json => "'{}'",
            TypeClass::Uuid => "uuid_generate_v4()",
            TypeClass::Array if is("tsvector") => "''",
            TypeClass::Array => "'{}'",
            TypeClass::Serial | TypeClass::Unordered | TypeClass::Other => return None,
        }
        .to_owned(),
    )
}
