//! What a column that becomes NOT NULL needs: the rows of old get a value, then null is refused.

use super::GeneratedFile;
use super::ground::{Ground, Key, KeyKind};
use super::parts::{companion, quoted};
use crate::field::{Class, DefaultValue, Field, Kind};
use crate::intent::Uniqueness;
use crate::rust::{Body, Script, string, without_transaction};
use seedbed_sql::quote_literal;

use crate::sql::word;
use crate::trial::copied;
use crate::words::listed;

/// How the steps are deployed.
pub(super) const ONE_BY_ONE: &str = "`migrate-up` applies all steps at once. In production each is a deploy of its own, by \
    `migrate-up --to` and its name: the last one when no application is left that writes nulls.";

/// Where these two scripts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'s> {
    /// The column was added by the first.
    TwoOfThree,
    /// The column was there before; the second has the name that was asked for.
    OneOfTwo { slug: &'s str },
}

impl Step<'_> {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::TwoOfThree => ("step 2 of 3", "step 3 of 3"),
            Self::OneOfTwo { .. } => ("step 1 of 2", "step 2 of 2"),
        }
    }
}

/// Appends both scripts, and what somebody has to look at.
pub(super) fn scripts(
    ground: Ground<'_>,
    fields: &[&Field],
    step: Step<'_>,
    files: &mut Vec<GeneratedFile>,
    notes: &mut Vec<String>,
) {
    let table = ground.name;
    let (backfill, require) = step.words();
    let (mut filled, mut open) = (Vec::new(), Vec::new());
    let key = ground.key();
    for field in fields {
        match value(field, table).filter(|_| key.is_some()) {
            Some(value) => filled.push((field.column(), value)),
            None => open.push(field.column()),
        }
    }
    if let Some(key) = key.as_ref().filter(|_| !filled.is_empty()) {
        let columns: Vec<String> = filled.iter().map(|(column, _)| column.clone()).collect();
        let slug = slug("backfill", &columns, table);
        let guessed = fields
            .iter()
            .filter(|field| field.fill.is_none() && field.default.is_none())
            .map(|field| field.column());
        for column in guessed {
            if let Some((_, value)) = filled.iter().find(|(filled, _)| *filled == column) {
                notes.push(format!(
                    "the rows that `{table}` has get {value} as `{column}`, in {slug}; \
                     another value is given by :fill(SQL) behind the type"
                ));
            }
        }
        files.push(filling(table, key, &columns, &filled, backfill).file(&slug));
    }
    if !open.is_empty() {
        let slug = slug("backfill", &open, table);
        let why = if key.is_some() {
            "or give it by :fill(SQL) behind the type"
        } else {
            "it has no key of one uuid or integer to go through them by"
        };
        notes.push(format!(
            "what the rows that `{table}` has get as {} is yours to write, in {slug}; {why}",
            listed(&open)
        ));
        files.push(unwritten(table, &open, backfill).file(&slug));
    }
    let names: Vec<String> = fields.iter().map(|field| field.column()).collect();
    let slug = match step {
        Step::TwoOfThree => slug("require", &names, table),
        Step::OneOfTwo { slug } => slug.to_owned(),
    };
    files.push(requiring(table, &names, require).file(&slug));
}

/// `backfill_name_and_price_of_products`, as long as that is short enough to be read.
fn slug(verb: &str, columns: &[String], table: &str) -> String {
    let slug = format!("{verb}_{}_of_{table}", columns.join("_and_"));
    companion(&if slug.len() <= 80 { slug } else { format!("{verb}_columns_of_{table}") })
}

fn filling(
    table: &str,
    key: &Key,
    names: &[String],
    values: &[(String, String)],
    step: &str,
) -> Script {
    let target = word(table);
    let column = |(column, value): &(String, String)| (word(column), value.clone());
    let (set, open) = match values {
        [one] => {
            let (column, value) = column(one);
            (format!(" {column} = {value}"), format!("{target}.{column} IS NULL"))
        }
        several => {
            let columns: Vec<(String, String)> = several.iter().map(column).collect();
            let set = columns.iter().map(|(column, value)| {
                format!("\n            {column} = coalesce({target}.{column}, {value})")
            });
            let open = columns.iter().map(|(column, _)| format!("{target}.{column} IS NULL"));
            let open = open.collect::<Vec<_>>().join("\n            OR ");
            (set.collect::<Vec<_>>().join(","), format!("(\n            {open})"))
        }
    };
    let id = word(&key.column);
    // The values see the columns of the table only, whatever they are called.
    let batch = format!(
        "
    WITH batch AS (SELECT {id} AS key FROM {target} WHERE {id} >= $1 ORDER BY {id} LIMIT 1000),
    filled AS (
        UPDATE {target} SET{set}
        WHERE {target}.{id} IN (SELECT key FROM batch) AND {open}
    )
    SELECT key{} FROM batch ORDER BY key DESC LIMIT 1",
        if key.kind == KeyKind::Integer { "::bigint" } else { "" }
    );
    let (imports, kind, least, after) = match key.kind {
        KeyKind::Uuid => (
            vec!["uuid::Uuid".to_owned()],
            "Uuid",
            "Uuid::nil()",
            "last.as_u128().checked_add(1).map(Uuid::from_u128)",
        ),
        KeyKind::Integer => (Vec::new(), "i64", "i64::MIN", "last.checked_add(1)"),
    };
    Script {
        doc: vec![format!("Fills in {} of `{table}`, {step}.", listed(names))],
        imports,
        items: vec![
            without_transaction(
                "Each batch commits by itself, so that no row stays locked for longer than its batch \
                 takes. Safe to repeat: what is there is left alone.",
            ),
            format!(
                "/// One batch of rows in the order of their keys, from that key on.\n\
                 const BATCH: &str = {};",
                string(&batch)
            ),
        ],
        up: Body::Text(format!(
            "let mut from = Some({least});
    while let Some(key) = from {{
        let batch = Statement::from_sql_and_values(DbBackend::Postgres, BATCH, [key.into()]);
        from = match schema.query_one_raw(batch).await? {{
            Some(row) => {{
                let last: {kind} = row.try_get(\"\", \"key\")?;
                {after}
            }}
            None => None,
        }};
    }}
    Ok(())"
        )),
        down_doc: Some(
            "Nothing to take back: which rows had no value is not known any more.".to_owned(),
        ),
        ..Script::default()
    }
}

/// The statements that try what the field says the rows of old get, on the copy that has its column.
pub(super) fn trial(field: &Field, table: &str) -> Option<String> {
    let fill = field.fill.as_ref()?;
    let column = word(&field.column());
    Some(format!("UPDATE {} SET {column} = {fill} WHERE {column} IS NULL", copied(table)))
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
        doc: vec![
            format!("There is always {} in `{table}`, {step}.", listed(names)),
            ONE_BY_ONE.to_owned(),
        ],
        items: vec![without_transaction(
            "[`Schema::set_not_null`] goes by way of a validated check, which locks nobody out as long \
             as each of its statements commits by itself. Safe to repeat.",
        )],
        up: calls("set_not_null", &mut names.iter()),
        down: calls("drop_not_null", &mut names.iter().rev()),
        ..Script::default()
    }
}

/// What the rows of old get, as SQL: what the field says, else its default, else what is empty in its
/// type.
fn value(field: &Field, table: &str) -> Option<String> {
    if let Some(fill) = &field.fill {
        return Some(fill.clone());
    }
    if let Some(default) = field.default.as_ref().filter(|default| **default != DefaultValue::None)
    {
        return Some(default.sql());
    }
    let built = field.type_in(table);
    let unique = field.index == Some(Uniqueness::Unique);
    match &field.kind {
        Kind::References { .. } => return None,
        Kind::Enum { values, array: false } if !unique => {
            return values.first().map(|value| quote_literal(value));
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
