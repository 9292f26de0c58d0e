//! Indexes.

use super::parts::{companion, quoted};
use super::{GeneratedFile, Request, WriteError};
use crate::field::{Class, Field};
use crate::intent::Uniqueness;
use crate::rust::{Body, Script, string, strings, without_transaction};
use crate::words::listed;
use seedbed_sql::fit_name;

/// Why an index on a table with rows is a script of its own.
pub(super) const WHY: &str = "PostgreSQL builds no index concurrently inside a transaction. Killed half-way, \
    the script runs again from its start, and what is left of the index goes first: hence one statement.";

/// How it is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    BTree,
    /// For values that are looked into: arrays, jsonb, tsvector.
    Gin,
}

impl Method {
    pub(super) fn of(field: &Field, table: &str) -> Self {
        match field.type_in(table).class {
            Class::Array | Class::Json => Self::Gin,
            _ => Self::BTree,
        }
    }
}

pub(super) fn name(table: &str, columns: &[String]) -> String {
    fit_name(&format!("{table}_{}", columns.join("_")), "_idx")
}

/// The expression that describes a new one.
pub(super) fn expression(
    request: &Request<'_>,
    table: &str,
    columns: &[String],
    uniqueness: Uniqueness,
    method: Method,
) -> Result<String, WriteError> {
    request.free(&name(table, columns))?;
    Ok(builder(table, columns, uniqueness, method))
}

/// The expression that describes one of the usual name.
pub(super) fn builder(
    table: &str,
    columns: &[String],
    uniqueness: Uniqueness,
    method: Method,
) -> String {
    let name = name(table, columns);
    let mut text = format!("index({}, [{}])", string(table), strings(columns));
    if name != format!("{table}_{}_idx", columns.join("_")) {
        text.push_str(&format!(".name({})", string(&name)));
    }
    if uniqueness == Uniqueness::Unique {
        text.push_str(".unique()");
    }
    if method == Method::Gin {
        text.push_str(".full_text()");
    }
    text
}

/// The script that comes with a column.
pub(super) fn of_field(
    request: &Request<'_>,
    table: &str,
    field: &Field,
    uniqueness: Uniqueness,
) -> Result<GeneratedFile, WriteError> {
    let slug = companion(&format!("index_{}_of_{table}", field.column()));
    script(request, &slug, table, &[field.column()], uniqueness, Method::of(field, table))
}

/// The script that builds one on a table that exists, while the application writes.
pub(super) fn script(
    request: &Request<'_>,
    slug: &str,
    table: &str,
    columns: &[String],
    uniqueness: Uniqueness,
    method: Method,
) -> Result<GeneratedFile, WriteError> {
    let index = expression(request, table, columns, uniqueness, method)?;
    let what = if uniqueness == Uniqueness::Unique { "A unique index" } else { "An index" };
    let script = Script {
        doc: vec![format!(
            "{what} on {} of `{table}`. Built while the application writes.",
            listed(columns)
        )],
        items: vec![without_transaction(WHY)],
        up: Body::call(format!("add_index({index}.concurrently())")),
        down: Body::call(format!(
            "remove_index_concurrently({})",
            quoted(&[&name(table, columns)])
        )),
        ..Script::default()
    };
    Ok(script.file(slug))
}
