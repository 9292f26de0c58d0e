//! What goes, and comes back as it was.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use super::parts::keep_updated_at;
use super::remove::{add_constraint, comment_on_constraint, create_index};
use super::{GeneratedFile, Request, WriteError};
use crate::field::types;
use crate::present::{Column, Enum, Table};
use crate::rust::{Body, Script, string, strings};
use seedbed_sql::quote_literal;

use crate::sql::word;

/// Drops a table; `down` creates it as the database has it now.
pub(super) fn table(request: &Request<'_>, table: &Table) -> Result<GeneratedFile, WriteError> {
    needed(&table.name, &table.needed_by)?;
    restorable(&table.name, &table.beyond)?;
    let script = Script {
        doc: vec![format!("Drops `{}`.", table.name)],
        up: Body::call(format!("drop_table({})", string(&table.name))),
        down_doc: Some("As it was when this was written, without its rows.".to_owned()),
        down: Body::Calls(create(table)),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}

/// The enum types of columns that go: others may have them, so they stay, and that is told.
pub(super) fn types_that_stay<'c>(columns: impl IntoIterator<Item = &'c Column>) -> Vec<String> {
    let types = columns.into_iter().filter(|column| column.is_enum);
    let names: BTreeSet<&str> = types.map(|column| column.sql_type.as_str()).collect();
    names
        .into_iter()
        .map(|name| {
            let camel = name.to_upper_camel_case();
            let says = if camel.to_snake_case() == name {
                format!("make create-migration name=drop{camel}Enum drops it, once this is applied and nothing else has it")
            } else {
                "it has to be dropped by hand".to_owned()
            };
            format!("the enum type `{name}` stays; {says}")
        })
        .collect()
}

/// Drops an enum type; `down` creates it with the values that it has now.
pub(super) fn enumeration(request: &Request<'_>, one: &Enum) -> Result<GeneratedFile, WriteError> {
    needed(&one.name, &one.used_by)?;
    restorable(&one.name, &one.beyond)?;
    let create = format!("create_enum({}, [{}])", string(&one.name), strings(&one.values));
    let comment = comment(&format!("TYPE {}", word(&one.name)), one.comment.as_ref());
    let script = Script {
        doc: vec![format!("Drops the enum type `{}`.", one.name)],
        up: Body::call(format!("drop_enum({})", string(&one.name))),
        down: Body::Calls(std::iter::once(create).chain(comment).collect()),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}

pub(super) fn needed(name: &str, by: &[String]) -> Result<(), WriteError> {
    if by.is_empty() {
        return Ok(());
    }
    Err(WriteError::Needed { name: name.to_owned(), by: by.join(", ") })
}

/// Refuses what has something that no script would put back.
pub(super) fn restorable(name: &str, beyond: &[String]) -> Result<(), WriteError> {
    if beyond.is_empty() {
        return Ok(());
    }
    Err(WriteError::Beyond { table: name.to_owned(), what: beyond.join(", ") })
}

/// The calls that create a table as it is.
fn create(table: &Table) -> Vec<String> {
    let is_usual_key = |column: &Column| {
        column.name == "id"
            && column.default.as_deref() == Some("uuid_generate_v4()")
            && column.sql_type == "uuid"
    };
    let usual_key = table.columns.iter().any(is_usual_key)
        && table.constraints.iter().any(|constraint| {
            constraint.name == format!("{}_pkey", table.name)
                && constraint.definition == "PRIMARY KEY (id)"
        });
    let mut calls: Vec<String> = table.columns.iter().flat_map(create_sequences).collect();
    let mut text = format!("create_table(Table::create().table({})", string(&table.name));
    for present in &table.columns {
        let column = match usual(present) {
            Some(helper) => helper.to_owned(),
            None if usual_key && is_usual_key(present) => "id()".to_owned(),
            None => column(present),
        };
        text.push_str(&format!(".col({column})"));
    }
    text.push(')');
    if table.columns.is_empty() {
        // The builder would write nothing between the parentheses, not even these.
        text = format!("execute({})", string(&format!("CREATE TABLE {} ()", word(&table.name))));
    }
    calls.push(text);
    calls.extend(table.columns.iter().flat_map(|column| own_sequences(&table.name, column)));
    // Foreign keys come last: they may point to the table itself.
    let mut constraints: Vec<_> = table.constraints.iter().collect();
    constraints.sort_by_key(|constraint| constraint.kind == 'f');
    for constraint in constraints {
        if !(usual_key && constraint.kind == 'p') {
            calls.push(add_constraint(&table.name, constraint));
        }
        calls.extend(comment_on_constraint(&table.name, constraint));
    }
    calls.extend(table.indexes.iter().flat_map(|index| create_index(&table.name, index)));
    calls.extend(table.triggers.iter().map(|definition| trigger(&table.name, definition)));
    calls.extend(comment(&format!("TABLE {}", word(&table.name)), table.comment.as_ref()));
    calls.extend(table.columns.iter().filter_map(|column| comment_on_column(&table.name, column)));
    calls
}

/// The helper of a column that every table has.
fn usual(column: &Column) -> Option<&'static str> {
    let now = column.default.as_deref() == Some("now()") && column.not_null;
    match (column.name.as_str(), column.sql_type.as_str(), now) {
        ("created_at", "timestamp with time zone", true) => Some("created_at()"),
        ("updated_at", "timestamp with time zone", true) => Some("updated_at()"),
        _ => None,
    }
}

/// A column as it is.
pub(super) fn column(present: &Column) -> String {
    let built = types::from_sql(match (present.serial, present.sql_type.as_str()) {
        // Makes the sequence too, and the default that counts it.
        (true, "integer") => "serial",
        (true, "bigint") => "bigserial",
        (true, "smallint") => "smallserial",
        (_, sql) => sql,
    });
    let mut text = super::parts::column(&present.name, &built, present.not_null);
    if let Some(default) = present.default.as_ref().filter(|_| !present.serial) {
        text.push_str(&format!(".default(Expr::cust({}))", string(default)));
    }
    let mut extra = Vec::new();
    if let Some(collation) = &present.collation {
        extra.push(format!("COLLATE {collation}"));
    }
    if let Some(expression) = &present.generated {
        extra.push(format!("GENERATED ALWAYS AS {expression}"));
    }
    if let Some(identity) = &present.identity {
        extra.push(format!("GENERATED {identity}"));
    }
    if !extra.is_empty() {
        text.push_str(&format!(".extra({})", string(&extra.join(" "))));
    }
    text
}

/// The calls that make the sequences which the default of a column counts, and which are not as the column
/// would make them.
pub(super) fn create_sequences(column: &Column) -> impl Iterator<Item = String> {
    let definitions = column.sequences.iter().filter_map(|one| one.definition.as_ref());
    definitions.map(|definition| format!("execute({})", string(definition)))
}

/// What is said of the sequences of a column once it is there.
pub(super) fn own_sequences(table: &str, column: &Column) -> Vec<String> {
    let mut calls = Vec::new();
    for one in &column.sequences {
        if one.definition.is_some() {
            let owner = format!("{}.{}", word(table), word(&column.name));
            let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", one.name);
            calls.push(format!("execute({})", string(&sql)));
        }
        calls.extend(comment(&format!("SEQUENCE {}", one.name), one.comment.as_ref()));
    }
    calls
}

/// The call that comments on something as it is commented on.
pub(super) fn comment(on: &str, comment: Option<&String>) -> Option<String> {
    let sql = format!("COMMENT ON {on} IS {}", quote_literal(comment?));
    Some(format!("execute({})", string(&sql)))
}

pub(super) fn comment_on_column(table: &str, column: &Column) -> Option<String> {
    let on = format!("COLUMN {}.{}", word(table), word(&column.name));
    comment(&on, column.comment.as_ref())
}

fn trigger(table: &str, definition: &str) -> String {
    let usual = format!(
        "CREATE TRIGGER keep_updated_at BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION set_updated_at()",
        word(table)
    );
    if definition == usual {
        return format!("execute({})", string(&keep_updated_at(table)));
    }
    format!("execute({})", string(definition))
}
