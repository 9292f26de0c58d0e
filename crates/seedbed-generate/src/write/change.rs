//! A column that becomes another one, and back.

use super::parts::quoted;
use super::rows_of_old::{self, Step};
use super::{Request, WriteError, Written, index};
use crate::field::{Class, DefaultValue, Field, Kind, Null, Type, types};
use crate::present::{Column, Table};
use crate::rust::{Body, Script, string};
use crate::sql::word;

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
    if present.identity.is_some() || present.generated.is_some() || present.serial {
        return Err(refuse("the database makes its values"));
    }
    if matches!(field.kind, Kind::Enum { .. }) && present.is_enum {
        return Err(refuse(
            "it has an enum type already, and names such as addVoidToStatusEnum change its values",
        ));
    }
    let (up, down) = calls(request, table, present, field)?;
    let fills = field.null == Null::Never && !present.not_null;
    let has_key = table.column("id").is_ok_and(|id| id.sql_type == "uuid");
    if fills && !has_key {
        return Err(refuse(
            "it has rows to fill in, and no uuid `id` to do that by, batch after batch",
        ));
    }
    let (mut files, mut notes) = (Vec::new(), Vec::new());
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
            up: Body::Calls(up),
            down_doc: Some("As it was when this was written.".to_owned()),
            down: Body::Calls(down),
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
        rows_of_old::scripts(&table.name, &[field], step, &mut files, &mut notes);
    }
    if let Some(uniqueness) = field.index {
        files.push(index::of_field(request, &table.name, field, uniqueness)?);
    }
    if files.is_empty() {
        let (table, column) = (table.name.clone(), present.name.clone());
        return Err(WriteError::Unchanged { table, column });
    }
    Ok(Written::Files { files, notes })
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

/// What the column has to go through, and the way back.
fn calls(
    request: &Request<'_>,
    table: &Table,
    present: &Column,
    field: &Field,
) -> Result<(Vec<String>, Vec<String>), WriteError> {
    let name = &table.name;
    let (old, new) = (types::from_sql(&present.sql_type), field.type_in(name));
    let old_default = present.default.clone().map(DefaultValue::Sql);
    let new_default = match &field.default {
        None => present.default.as_deref().map(|sql| unbound(sql, &old, &new)),
        Some(DefaultValue::None) => None,
        Some(default) => Some(default.clone()),
    };
    let (mut up, mut down) = (Vec::new(), Vec::new());
    let (create, drop) = super::parts::enums(request, std::slice::from_ref(field), name)?;
    up.extend(create);
    if old.sql == new.sql {
        if same(old_default.as_ref(), new_default.as_ref()) {
            // Nothing about the default either.
        } else {
            up.push(set_default(name, &present.name, new_default.as_ref()));
            down.push(set_default(name, &present.name, old_default.as_ref()));
        }
    } else {
        up.extend(retype(
            name,
            &present.name,
            (&old, old_default.as_ref()),
            (&new, new_default.as_ref()),
        ));
        down.extend(retype(
            name,
            &present.name,
            (&new, new_default.as_ref()),
            (&old, old_default.as_ref()),
        ));
    }
    if field.null == Null::Allowed && present.not_null {
        up.push(format!("drop_not_null({})", quoted(&[name, &present.name])));
        // The way back is one statement in the transaction of the others, and reads the whole table.
        let alter =
            format!("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", word(name), word(&present.name));
        down.push(format!("execute({})", string(&alter)));
    }
    down.extend(drop);
    Ok((up, down))
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
            old == new || old.strip_prefix(&new).is_some_and(|rest| rest.starts_with("::"))
        }
        _ => false,
    }
}

/// The type without what is in its parentheses.
fn base(built: &Type) -> &str {
    built.sql.split('(').next().unwrap_or_default()
}

/// Another type. Between types that are not one another with another length, PostgreSQL has to be told
/// how a value becomes the other, and does not find it out for the default at all.
fn retype(
    table: &str,
    column: &str,
    (old, old_default): (&Type, Option<&DefaultValue>),
    (new, new_default): (&Type, Option<&DefaultValue>),
) -> Vec<String> {
    let mut definition =
        format!("ColumnDef::new_with_type({}, {})", string(column), new.column_type);
    let mut calls = Vec::new();
    let other = base(old) != base(new);
    if other {
        if old_default.is_some() {
            calls.push(set_default(table, column, None));
        }
        let name = word(column);
        let through = if casts(old, new) { "" } else { "::text" };
        let cast = format!("{name}{through}::{}", new.sql);
        definition.push_str(&format!(".using(Expr::cust({}))", string(&cast)));
    }
    calls.push(format!("change_column({}, {definition})", string(table)));
    // Of another type, the default is gone by now.
    let wrong = if other { new_default.is_some() } else { !same(old_default, new_default) };
    if wrong {
        calls.push(set_default(table, column, new_default));
    }
    calls
}

/// Whether PostgreSQL casts one to the other by itself. Else the way leads through text, which every
/// type becomes and comes from.
fn casts(old: &Type, new: &Type) -> bool {
    let group = |built: &Type| match built.class {
        Class::Integer | Class::Number | Class::Boolean | Class::Counter => Some(1),
        Class::Moment => Some(2),
        Class::Json => Some(3),
        _ => None,
    };
    let text = old.class == Class::Text || new.class == Class::Text;
    text || group(old).is_some_and(|old| group(new) == Some(old))
}

fn set_default(table: &str, column: &str, default: Option<&DefaultValue>) -> String {
    match default.and_then(DefaultValue::rust) {
        Some(rust) => format!(
            "change_column({}, ColumnDef::new({}).default({rust}))",
            string(table),
            string(column)
        ),
        None => {
            let sql =
                format!("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", word(table), word(column));
            format!("execute({})", string(&sql))
        }
    }
}
