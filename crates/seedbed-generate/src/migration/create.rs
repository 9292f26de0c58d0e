//! Operations that create tables and enum types.

use super::snippets::{
    enum_calls, extension_scripts, field_column, field_dry_run, foreign_key, keep_updated_at,
};
use super::{GeneratedFile, MigrationOutcome, MigrationRequest, WriteError, index};
use crate::field::{self, Field, FieldKind};
use crate::operation::{TableName, Uniqueness, join_table_name};
use crate::rust_source::{FunctionBody, ScriptSource, string, strings};
use seedbed_entities::singular;
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Creates a table with the default columns and the columns of the fields.
pub(super) fn table(
    request: &MigrationRequest<'_>,
    table: &TableName,
    fields: &[Field],
) -> Result<MigrationOutcome, WriteError> {
    request.ensure_table_name_is_free(table)?;
    let doc = format!("Creates `{}`.", table.plural);
    create(request, &table.plural, fields, &doc, &[])
}

/// Creates a join table between two tables.
pub(super) fn join_table(
    request: &MigrationRequest<'_>,
    one: &TableName,
    other: &TableName,
    more_fields: &[Field],
) -> Result<MigrationOutcome, WriteError> {
    let table = join_table_name(&one.input, &other.input);
    let reference = |name: &TableName| -> Result<String, WriteError> {
        let table = request.target_table(name)?.name;
        Ok(format!("{}:references({table})!:cascade", singular(&name.input)))
    };
    request.ensure_name_is_free(&table)?;
    let mut fields = Field::parse_all(&format!("{} {}", reference(one)?, reference(other)?))?;
    let pair: Vec<String> = fields.iter().map(Field::column).collect();
    fields.extend(more_fields.iter().cloned());
    let doc =
        format!("Creates `{table}`, the join table of `{}` and `{}`.", one.plural, other.plural);
    create(request, &table, &fields, &doc, &pair)
}

/// Creates a table. `pair` holds the two columns of a join table that refer to the joined tables, and is empty for any
/// other table. A pair of rows can be joined only once.
fn create(
    request: &MigrationRequest<'_>,
    table: &str,
    fields: &[Field],
    doc: &str,
    pair: &[String],
) -> Result<MigrationOutcome, WriteError> {
    let fields = &request.resolve_references(fields, table)?;
    let mut text = format!("create_table(Table::create().table({}).col(id())", string(table));
    for field in fields {
        text.push_str(&format!(".col({})", field_column(field, table, field.not_null())));
    }
    text.push_str(".col(created_at()).col(updated_at())");
    for field in fields {
        if let FieldKind::References { table: to, on_delete, .. } = &field.kind {
            let key = foreign_key(table, &field.column(), to, *on_delete);
            text.push_str(&format!(".foreign_key({key})"));
        }
    }
    text.push(')');

    let (mut up, drop_enums) = enum_calls(request, fields, table)?;
    up.push(text);
    if !pair.is_empty() {
        let index = index::checked_builder(
            request,
            table,
            pair,
            Uniqueness::Unique,
            index::IndexMethod::BTree,
        )?;
        up.push(format!("add_index({index})"));
    }
    for field in fields {
        // The unique index on the pair also serves its first column.
        if pair.first() == Some(&field.column()) {
            continue;
        }
        if let Some(uniqueness) = wanted_index(field) {
            let method = index::IndexMethod::for_field(field, table);
            let index =
                index::checked_builder(request, table, &[field.column()], uniqueness, method)?;
            up.push(format!("add_index({index})"));
        }
    }
    up.push(format!("execute({})", string(&keep_updated_at(table))));

    let mut down = vec![format!("drop_table({})", string(table))];
    down.extend(drop_enums);
    let script = ScriptSource {
        doc: vec![doc.to_owned()],
        up: FunctionBody::Calls(up),
        down: FunctionBody::Calls(down),
        ..ScriptSource::default()
    };
    let mut files = extension_scripts(request, fields, table);
    files.push(script.file(request.slug));
    let dry_runs = fields.iter().filter_map(field_dry_run).collect();
    Ok(MigrationOutcome::Generated { files, notes: Vec::new(), dry_runs })
}

/// Returns the kind of index that a field gets, if any. A foreign key gets an index, because PostgreSQL creates none,
/// and deleting a referenced row would otherwise scan the whole table.
pub(super) fn wanted_index(field: &Field) -> Option<Uniqueness> {
    let references = matches!(field.kind, FieldKind::References { .. });
    field.index.or(references.then_some(Uniqueness::Any))
}

/// Creates an enum type from `active inactive`, `active,inactive` or
/// `status:enum(active,inactive)`.
pub(super) fn enumeration(
    request: &MigrationRequest<'_>,
    name: &str,
    text: &str,
) -> Result<GeneratedFile, WriteError> {
    request.ensure_name_is_free(name)?;
    let list = if text.contains(':') {
        text.to_owned()
    } else {
        let quoted = |value: &String| format!("'{}'", value.replace('\'', "''"));
        let values: Vec<String> = field::values(text)?.iter().map(quoted).collect();
        format!("{name}:enum({})", values.join(","))
    };
    let fields = Field::parse_all(&list)?;
    let [Field { kind: FieldKind::Enum { values, array: false }, .. }] = fields.as_slice() else {
        return Err(WriteError::WrongField {
            slug: request.slug.to_owned(),
            column: name.to_owned(),
        });
    };
    let script = ScriptSource {
        doc: vec![format!("Creates the enum type `{}`.", quote_if_needed(name))],
        up: FunctionBody::call(format!("create_enum({}, [{}])", string(name), strings(values))),
        down: FunctionBody::call(format!("drop_enum({})", strings(&[name]))),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}
