//! New tables and types.

use super::parts::{
    enums, extensions, field_column, foreign_key, keep_updated_at, quoted, trial_of_field,
};
use super::{GeneratedFile, Request, WriteError, Written, index};
use crate::field::{self, Field, Kind};
use crate::intent::{TableName, Uniqueness, join_table as between};
use crate::rust::{Body, Script, string, strings};
use crate::sql::word;
use crate::words::singular;

/// A table with the columns of the fields, and those that every table has.
pub(super) fn table(
    request: &Request<'_>,
    table: &TableName,
    fields: &[Field],
) -> Result<Written, WriteError> {
    request.free_for(table)?;
    let doc = format!("Creates `{}`.", table.plural);
    with_indexes(request, &table.plural, fields, &doc, &[])
}

/// A table between two others, whose rows say which belong together.
pub(super) fn join_table(
    request: &Request<'_>,
    one: &TableName,
    other: &TableName,
    more: &[Field],
) -> Result<Written, WriteError> {
    let table = between(&one.typed, &other.typed);
    let side = |name: &TableName| -> Result<String, WriteError> {
        let table = request.ground(name)?.name;
        Ok(format!("{}:references({table})!:cascade", singular(&name.typed)))
    };
    request.free(&table)?;
    let mut fields = Field::parse_all(&format!("{} {}", side(one)?, side(other)?))?;
    let pair: Vec<String> = fields.iter().map(Field::column).collect();
    fields.extend(more.iter().cloned());
    let doc = format!(
        "Creates `{table}`: which of `{}` and `{}` belong together.",
        one.plural, other.plural
    );
    with_indexes(request, &table, &fields, &doc, &pair)
}

fn with_indexes(
    request: &Request<'_>,
    table: &str,
    fields: &[Field],
    doc: &str,
    pair: &[String],
) -> Result<Written, WriteError> {
    let fields = &request.refer(fields, table)?;
    let mut text = format!("create_table(Table::create().table({}).col(id())", string(table));
    for field in fields {
        text.push_str(&format!(".col({})", field_column(field, table, field.not_null())));
    }
    text.push_str(".col(created_at()).col(updated_at())");
    for field in fields {
        if let Kind::References { table: to, on_delete, .. } = &field.kind {
            let key = foreign_key(table, &field.column(), to, *on_delete);
            text.push_str(&format!(".foreign_key({key})"));
        }
    }
    text.push(')');

    let (mut up, drop_enums) = enums(request, fields, table)?;
    up.push(text);
    if !pair.is_empty() {
        let index =
            index::expression(request, table, pair, Uniqueness::Unique, index::Method::BTree)?;
        up.push(format!("add_index({index})"));
    }
    for field in fields {
        // The index of the pair begins with the first of them.
        if pair.first() == Some(&field.column()) {
            continue;
        }
        if let Some(uniqueness) = wanted(field) {
            let method = index::Method::of(field, table);
            let index = index::expression(request, table, &[field.column()], uniqueness, method)?;
            up.push(format!("add_index({index})"));
        }
    }
    up.push(format!("execute({})", string(&keep_updated_at(table))));

    let mut down = vec![format!("drop_table({})", string(table))];
    down.extend(drop_enums);
    let script = Script {
        doc: vec![doc.to_owned()],
        up: Body::Calls(up),
        down: Body::Calls(down),
        ..Script::default()
    };
    let mut files = extensions(request, fields, table);
    files.push(script.file(request.slug));
    let trials = fields.iter().filter_map(trial_of_field).collect();
    Ok(Written::Files { files, notes: Vec::new(), trials })
}

/// The index that a field wants. A foreign key has none of its own, and without one every delete on
/// the other side reads the whole table.
pub(super) fn wanted(field: &Field) -> Option<Uniqueness> {
    let references = matches!(field.kind, Kind::References { .. });
    field.index.or(references.then_some(Uniqueness::Any))
}

/// An enum type, from `active inactive`, `active,inactive` or `status:enum(active,inactive)`.
pub(super) fn enumeration(
    request: &Request<'_>,
    name: &str,
    text: &str,
) -> Result<GeneratedFile, WriteError> {
    request.free(name)?;
    let list = if text.contains(':') {
        text.to_owned()
    } else {
        let quoted = |value: &String| format!("'{}'", value.replace('\'', "''"));
        let values: Vec<String> = field::values(text)?.iter().map(quoted).collect();
        format!("{name}:enum({})", values.join(","))
    };
    let fields = Field::parse_all(&list)?;
    let [Field { kind: Kind::Enum { values, array: false }, .. }] = fields.as_slice() else {
        return Err(WriteError::OtherField {
            slug: request.slug.to_owned(),
            column: name.to_owned(),
        });
    };
    let script = Script {
        doc: vec![format!("The enum type `{}`.", word(name))],
        up: Body::call(format!("create_enum({}, [{}])", string(name), strings(values))),
        down: Body::call(format!("drop_enum({})", quoted(&[name]))),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}
