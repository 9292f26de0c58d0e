//! A column that becomes another one, and back.

use std::collections::BTreeSet;

use super::cast::{base, casts, is_collatable, rounds, unbounded};
use super::drop::{restorable, types_that_stay};
use super::parts::{quoted, trial_of_field};
use super::remove::alone;
use super::rows_of_old::{self, Step};
use super::{Request, WriteError, Written, index};
use crate::field::{DefaultValue, Field, Kind, Null, Type, types};
use crate::present::{Column, Table};
use crate::rust::{Body, Script, string};
use seedbed_sql::quote_literal;

use crate::sql::word;
use crate::trial::{Trial, copied, copy, create_enum};

/// Changes what the field says: its type, and null and default if it says something about them.
///
/// NOT NULL takes two more scripts, since there may be rows with a null.
pub(super) fn column(
    request: &Request<'_>,
    table: &Table,
    field: &Field,
) -> Result<Written, WriteError> {
    let present = table.column(&field.name)?;
    let refuse = |problem| WriteError::NoChange {
        table: table.name.clone(),
        column: present.name.clone(),
        problem,
    };
    if matches!(field.kind, Kind::References { .. }) {
        return Err(refuse("that would be another column and a foreign key"));
    }
    let counts = present.serial || !present.sequences.is_empty();
    if present.identity.is_some() || present.generated.is_some() || counts {
        return Err(refuse("the database makes its values"));
    }
    if matches!(field.kind, Kind::Enum { .. }) && present.is_enum {
        return Err(refuse(
            "it has an enum type already, and names such as addVoidToStatusEnum change its values",
        ));
    }
    alone(table)?;
    carried_over(table, present, field)?;
    let (up, down) = calls(request, table, present, field)?;
    let fills = field.null == Null::Never && !present.not_null;
    let ground = request.ground_of(table);
    if fills && ground.key().is_none() {
        return Err(refuse(
            "it has rows to fill in, and no key of one uuid or integer to do that by, batch after batch",
        ));
    }
    let trial = trial(table, present, field, &up, &down);
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    let (old, new) = (types::from_sql(&present.sql_type), field.type_in(&table.name));
    if old.sql != new.sql {
        notes.extend(types_that_stay([present]));
    }
    if rounds(&old, &new) {
        notes.push(format!(
            "PostgreSQL rounds or cuts off, without a word, what `{}` has no room for, and down does not bring it back",
            new.sql
        ));
    }
    if !up.is_empty() {
        let script = Script {
            doc: vec![
                format!(
                    "Changes `{}` of `{}`: {}.",
                    present.name,
                    table.name,
                    said(&table.name, present, field)
                ),
                "Another type may mean that the table is written anew, while it is locked."
                    .to_owned(),
            ],
            up: Body::Calls(up.into_iter().map(|call| call.rust).collect()),
            down_doc: Some("As it was when this was written.".to_owned()),
            down: Body::Calls(down.into_iter().map(|call| call.rust).collect()),
            ..Script::default()
        };
        files.push(script.file(request.slug));
    }
    if fills {
        // With a change before them, that one has the name.
        let step = match files.as_slice() {
            [] => Step::OneOfTwo { slug: request.slug },
            _ => Step::TwoOfThree,
        };
        rows_of_old::scripts(ground, &[field], step, &mut files, &mut notes);
    }
    if let Some(uniqueness) = field.index {
        files.push(index::of_field(request, &table.name, field, uniqueness)?);
    }
    if files.is_empty() {
        let (table, column) = (table.name.clone(), present.name.clone());
        return Err(WriteError::Unchanged { table, column });
    }
    let trials = trial_of_field(field).into_iter().chain([trial]).collect();
    Ok(Written::Files { files, notes, trials })
}

/// In words, for the first line of the script.
fn said(table: &str, present: &Column, field: &Field) -> String {
    let to = field.type_in(table).sql;
    let mut said = Vec::new();
    if to != present.sql_type {
        said.push(format!("`{}` becomes `{to}`", present.sql_type));
    }
    if field.null == Null::Allowed && present.not_null {
        said.push("it may be null".to_owned());
    }
    if let Some(default) = &field.default {
        said.push(format!("its default is `{}`", default.sql()));
    }
    said.join(", ")
}

/// Refuses what PostgreSQL would not carry over.
fn carried_over(table: &Table, present: &Column, field: &Field) -> Result<(), WriteError> {
    let (old, new) = (types::from_sql(&present.sql_type), field.type_in(&table.name));
    if field.null == Null::Allowed {
        // What is set on the NOT NULL, or needs it.
        let is_lost = |line: &&String| {
            ["a named NOT NULL", "a NOT NULL that", "a NOT NULL without", "a replica identity"]
                .iter()
                .any(|lost| line.starts_with(lost))
        };
        let lost: Vec<String> = present.beyond.iter().filter(is_lost).cloned().collect();
        restorable(&present.name, &lost)?;
    }
    if old.sql == new.sql {
        return Ok(());
    }
    let keys = present.keys.iter().filter(|_| base(&old) != base(&new));
    let held: Vec<&str> = present.held_by.iter().chain(keys).map(String::as_str).collect();
    if !held.is_empty() {
        let (table, column) = (table.name.clone(), present.name.clone());
        return Err(WriteError::Held { table, column, by: held.join(", ") });
    }
    let has = |columns: &[String]| columns.contains(&present.name);
    let indexes = table.indexes.iter().filter(|one| has(&one.columns)).map(|one| &one.beyond);
    let keys = table.constraints.iter().filter(|one| has(&one.touches)).map(|one| &one.beyond);
    let lost = ["storage", "compression"];
    let own = present.beyond.iter().filter(|line| lost.contains(&line.as_str())).cloned();
    let beyond: BTreeSet<String> = indexes.chain(keys).flatten().cloned().chain(own).collect();
    restorable(&present.name, &beyond.into_iter().collect::<Vec<_>>())
}

/// A call of the schema, and the same statement about the table on which it is tried.
struct Call {
    rust: String,
    sql: String,
}

impl Call {
    /// A part of `ALTER TABLE`, as a call of its own or as that statement.
    fn alter(table: &str, rust: Option<String>, part: &str) -> Self {
        let plain = || {
            let sql = format!("ALTER TABLE {} {part}", word(table));
            format!("execute({})", string(&sql))
        };
        Self {
            rust: rust.unwrap_or_else(plain),
            sql: format!("ALTER TABLE {} {part}", copied(table)),
        }
    }
}

/// What the column has to go through, and the way back.
fn calls(
    request: &Request<'_>,
    table: &Table,
    present: &Column,
    field: &Field,
) -> Result<(Vec<Call>, Vec<Call>), WriteError> {
    let name = &table.name;
    let old = Shape {
        built: types::from_sql(&present.sql_type),
        default: present.default.clone().map(DefaultValue::Sql),
        collation: present.collation.as_deref(),
    };
    let built = field.type_in(name);
    let new = Shape {
        default: match &field.default {
            None => present.default.as_deref().map(|sql| unbound(sql, &old.built, &built)),
            Some(DefaultValue::None) => None,
            Some(default) => Some(default.clone()),
        },
        collation: old.collation.filter(|_| is_collatable(&built)),
        built,
    };
    let (mut up, mut down) = (Vec::new(), Vec::new());
    let (create, drop) = super::parts::enums(request, std::slice::from_ref(field), name)?;
    if let Kind::Enum { values, .. } = &field.kind {
        let of = word(&field.enum_name(name));
        up.extend(create.into_iter().map(|rust| Call { rust, sql: create_enum(&of, values) }));
    }
    if old.built.sql != new.built.sql {
        up.extend(retype(name, &present.name, &old, &new));
        down.extend(retype(name, &present.name, &new, &old));
    } else if !same(old.default.as_ref(), new.default.as_ref()) {
        up.push(set_default(name, &present.name, new.default.as_ref()));
        down.push(set_default(name, &present.name, old.default.as_ref()));
    }
    if field.null == Null::Allowed && present.not_null {
        let column = word(&present.name);
        let rust = format!("drop_not_null({})", quoted(&[name, &present.name]));
        up.push(Call::alter(name, Some(rust), &format!("ALTER COLUMN {column} DROP NOT NULL")));
        // The way back is one statement in the transaction of the others, and reads the whole table.
        down.push(Call::alter(name, None, &format!("ALTER COLUMN {column} SET NOT NULL")));
    }
    let of = word(&field.enum_name(name));
    down.extend(drop.into_iter().map(|rust| Call { rust, sql: format!("DROP TYPE {of}") }));
    Ok((up, down))
}

/// What `down` has to restore of a column in `pg_attribute`. The rest of it is physical, is the server's own
/// (`pg_attver` in `attoptions` counts the versions of the type), or comes with a later PostgreSQL.
const KEPT: &str = "attrelid,attname,atttypid,attstattarget,attlen,attnum,atttypmod,attbyval,attstorage,attalign,\
    attcompression,attnotnull,atthasdef,attidentity,attgenerated,attisdropped,attislocal,attinhcount,\
    attcollation,attacl";

/// The way there and back on a copy of the table without its rows, after which it has to be what it was.
fn trial(table: &Table, present: &Column, field: &Field, up: &[Call], down: &[Call]) -> Trial {
    let mut statements = vec![copy(&table.name, "INCLUDING ALL")];
    let target = copied(&table.name);
    let of_target = |column: &str| format!("{column} = {}::regclass", quote_literal(&target));
    let facts = format!(
        "SELECT key, value FROM pg_attribute, jsonb_each_text(to_jsonb(pg_attribute)) \
         WHERE {} AND attname = {} AND key = ANY ('{{{KEPT}}}')
         UNION ALL SELECT 'default', pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE {}
         UNION ALL SELECT 'index', pg_get_indexdef(indexrelid) FROM pg_index WHERE {}
         UNION ALL SELECT 'constraint', pg_get_constraintdef(oid) FROM pg_constraint WHERE {}",
        of_target("attrelid"),
        quote_literal(&present.name),
        of_target("adrelid"),
        of_target("indrelid"),
        of_target("conrelid"),
    );
    statements.push(format!("CREATE TEMP TABLE \"what it was\" AS {facts}"));
    statements.extend(up.iter().map(|call| call.sql.clone()));
    statements.extend(rows_of_old::trial(field, &table.name));
    statements.extend(down.iter().map(|call| call.sql.clone()));
    let lost = format!(
        "(SELECT * FROM \"what it was\" EXCEPT ALL ({facts})) \
         UNION ALL (({facts}) EXCEPT ALL SELECT * FROM \"what it was\")"
    );
    let raise = "RAISE EXCEPTION ''`down` would not bring back: % %'', line.key, line.value;";
    statements.push(format!(
        "DO 'DECLARE line record; BEGIN FOR line IN {} LOOP {raise} END LOOP; END'",
        lost.replace('\'', "''")
    ));
    Trial::new(format!("field `{}`", field.typed), statements)
}

/// The default as it is, but for a text that is cast to the old type: that would stay bound to it.
fn unbound(sql: &str, old: &Type, new: &Type) -> DefaultValue {
    let text = sql.strip_suffix(&format!("::{}", base(old))).filter(|text| text.ends_with('\''));
    DefaultValue::Sql(text.filter(|_| old.sql != new.sql).unwrap_or(sql).to_owned())
}

/// The database writes a default back as `'a'::text`.
fn same(old: Option<&DefaultValue>, new: Option<&DefaultValue>) -> bool {
    match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            let (old, new) = (old.sql(), new.sql());
            let casts = |long: &str, short: &str| {
                long.strip_prefix(short).is_some_and(|rest| rest.starts_with("::"))
            };
            old == new || casts(&old, &new) || casts(&new, &old)
        }
        _ => false,
    }
}

/// What a column is, as far as it changes.
struct Shape<'c> {
    built: Type,
    default: Option<DefaultValue>,
    collation: Option<&'c str>,
}

/// Another type. Between types that are not one another with another length, PostgreSQL has to be told
/// how a value becomes the other, and does not find it out for the default at all.
fn retype(table: &str, column: &str, old: &Shape<'_>, new: &Shape<'_>) -> Vec<Call> {
    let mut definition =
        format!("ColumnDef::new_with_type({}, {})", string(column), new.built.column_type);
    let name = word(column);
    let mut part = format!("ALTER COLUMN {name} TYPE {}", new.built.sql);
    // Without it the column would get that of its type.
    if let Some(collation) = new.collation {
        part.push_str(&format!(" COLLATE {collation}"));
    }
    let mut calls = Vec::new();
    let other = base(&old.built) != base(&new.built);
    if other {
        if old.default.is_some() {
            calls.push(set_default(table, column, None));
        }
        let through = if casts(&old.built, &new.built) { "" } else { "::text" };
        let cast = format!("{name}{through}::{}", unbounded(&new.built));
        definition.push_str(&format!(".using(Expr::cust({}))", string(&cast)));
        part.push_str(&format!(" USING {cast}"));
    }
    let rust = format!("change_column({}, {definition})", string(table));
    calls.push(Call::alter(table, new.collation.is_none().then_some(rust), &part));
    // Of another type, the default is gone by now.
    let (before, after) = (old.default.as_ref(), new.default.as_ref());
    let wrong = if other { after.is_some() } else { !same(before, after) };
    if wrong {
        calls.push(set_default(table, column, after));
    }
    calls
}

fn set_default(table: &str, column: &str, default: Option<&DefaultValue>) -> Call {
    let name = word(column);
    match default.and_then(|default| Some((default.rust()?, default.sql()))) {
        Some((rust, sql)) => {
            let definition = format!("ColumnDef::new({}).default({rust})", string(column));
            let rust = format!("change_column({}, {definition})", string(table));
            Call::alter(table, Some(rust), &format!("ALTER COLUMN {name} SET DEFAULT {sql}"))
        }
        None => Call::alter(table, None, &format!("ALTER COLUMN {name} DROP DEFAULT")),
    }
}
