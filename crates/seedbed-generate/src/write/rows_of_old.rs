//! What a column that becomes NOT NULL needs: the rows of old get a value, then null is refused.

use super::GeneratedFile;
use super::parts::{listed, quoted};
use crate::field::{Class, Field, Kind};
use crate::intent::Uniqueness;
use crate::rust::{Body, Script, string, without_transaction};
use crate::sql::{literal, word};

/// Where these two scripts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The column was added by the first.
    TwoOfThree,
    /// The column was there before.
    OneOfTwo,
}

impl Step {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::TwoOfThree => ("step 2 of 3", "step 3 of 3"),
            Self::OneOfTwo => ("step 1 of 2", "step 2 of 2"),
        }
    }
}

/// Appends both scripts, and what somebody has to look at.
pub(super) fn scripts(
    table: &str,
    fields: &[&Field],
    step: Step,
    files: &mut Vec<GeneratedFile>,
    notes: &mut Vec<String>,
) {
    let names: Vec<String> = fields.iter().map(|field| field.column()).collect();
    let words = names.join("_and_");
    let values: Option<Vec<(String, String)>> =
        fields.iter().map(|field| Some((field.column(), value(field, table)?))).collect();
    let (backfill, require) = step.words();
    files.push(match values {
        Some(values) => {
            for (field, (column, value)) in fields.iter().zip(&values) {
                if field.fill.is_none() {
                    notes.push(format!(
                        "the rows that `{table}` has get {value} as {column}: see backfill_{words}_of_{table}; \
                         another value is written as {column}:TYPE!:fill(SQL)"
                    ));
                }
            }
            filling(table, &names, &values, step)
        }
        None => {
            notes.push(format!(
                "what the rows of `{table}` get as {} nobody but you knows: write backfill_{words}_of_{table}, \
                 or add :fill(SQL) to the field",
                listed(&names)
            ));
            unwritten(table, &names, backfill)
        }
    }
    .file(&format!("backfill_{words}_of_{table}")));
    files.push(requiring(table, &names, require).file(&format!("require_{words}_of_{table}")));
}

fn filling(table: &str, names: &[String], values: &[(String, String)], step: Step) -> Script {
    let (target, single) = (word(table), values.len() == 1);
    let set: Vec<String> = values
        .iter()
        .map(|(column, value)| {
            let column = word(column);
            if single {
                format!("{column} = {value}")
            } else {
                format!("{column} = coalesce({target}.{column}, {value})")
            }
        })
        .collect();
    let open: Vec<String> =
        names.iter().map(|name| format!("{target}.{} IS NULL", word(name))).collect();
    let open = if single { open.join("") } else { format!("({})", open.join(" OR ")) };
    let batch = format!(
        "
    WITH batch AS (SELECT id FROM {target} WHERE id > $1 ORDER BY id LIMIT 1000),
    filled AS (
        UPDATE {target} SET {}
        FROM batch WHERE {target}.id = batch.id AND {open}
    )
    SELECT id FROM batch ORDER BY id DESC LIMIT 1",
        set.join(", ")
    );
    Script {
        doc: vec![format!("Fills in {} of `{table}`, {}.", listed(names), step.words().0)],
        imports: vec!["uuid::Uuid".to_owned()],
        items: vec![
            without_transaction(
                "Each batch commits by itself, so that no row stays locked for longer than its batch \
                 takes. Safe to repeat: what is there is left alone.",
            ),
            format!(
                "/// One batch of rows in the order of their ids, after the last of the batch before.\n\
                 const BATCH: &str = {};",
                string(&batch)
            ),
        ],
        up: Body::Text(
            "let mut last = Uuid::nil();
    loop {
        let batch = Statement::from_sql_and_values(DbBackend::Postgres, BATCH, [last.into()]);
        match schema.query_one_raw(batch).await? {
            Some(row) => last = row.try_get(\"\", \"id\")?,
            None => return Ok(()),
        }
    }"
            .to_owned(),
        ),
        down_doc: Some(match step {
            Step::TwoOfThree => "Nothing to take back: reverting step 1 removes it.".to_owned(),
            Step::OneOfTwo => {
                "Nothing to take back: which rows had no value is not known any more.".to_owned()
            }
        }),
        ..Script::default()
    }
}

fn unwritten(table: &str, names: &[String], step: &str) -> Script {
    Script {
        doc: vec![
            format!("Fills in {} of `{table}`, {step}.", listed(names)),
            "Not written yet: say what the rows get that are there already.".to_owned(),
        ],
        up: Body::Text("schema.not_written(file!())".to_owned()),
        down_doc: Some("Nothing to take back.".to_owned()),
        ..Script::default()
    }
}

fn requiring(table: &str, names: &[String], step: &str) -> Script {
    let calls = |verb: &str, names: &mut dyn Iterator<Item = &String>| {
        Body::Calls(names.map(|name| format!("{verb}({})", quoted(&[table, name]))).collect())
    };
    Script {
        doc: vec![format!("There is always {} in `{table}`, {step}.", listed(names))],
        items: vec![without_transaction(
            "[`Schema::set_not_null`] goes by way of a validated check, which locks nobody out as long \
             as each of its statements commits by itself. Safe to repeat.",
        )],
        up: calls("set_not_null", &mut names.iter()),
        down: calls("drop_not_null", &mut names.iter().rev()),
        ..Script::default()
    }
}

/// What the rows of old get, as SQL: what the field says, else what is empty in its type.
fn value(field: &Field, table: &str) -> Option<String> {
    if let Some(fill) = &field.fill {
        return Some(fill.clone());
    }
    let built = field.type_in(table);
    let unique = field.index == Some(Uniqueness::Unique);
    match &field.kind {
        Kind::References { .. } => return None,
        Kind::Enum { values, array: false } if !unique => {
            return values.first().map(|value| literal(value));
        }
        _ => {}
    }
    // One value in all rows would not be unique.
    if unique && built.class != Class::Uuid {
        return None;
    }
    let sql = built.sql.as_str();
    Some(
        match built.class {
            Class::Text | Class::Bytes => "''",
            Class::Integer | Class::Number if sql == "money" => "'0'",
            Class::Integer | Class::Number => "0",
            Class::Boolean => "false",
            Class::Moment if sql == "date" => "current_date",
            Class::Moment if sql.starts_with("timestamp") => "now()",
            Class::Moment if sql.starts_with("interval") => "'0'",
            Class::Moment => "'00:00'",
            Class::Json => "'{}'",
            Class::Uuid => "uuid_generate_v4()",
            Class::Array if sql == "tsvector" => "''",
            Class::Array => "'{}'",
            Class::Counter | Class::Unordered | Class::Other => return None,
        }
        .to_owned(),
    )
}
