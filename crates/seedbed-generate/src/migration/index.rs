//! Expressions and scripts for indexes.

use super::snippets::companion_slug;
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::field::{Field, TypeClass};
use crate::names::join_quoted;
use crate::operation::Uniqueness;
use crate::rust_source::{FunctionBody, ScriptSource, string, strings, without_transaction};
use seedbed_sql::fit_name;

/// The paragraph that explains why an index on an existing table gets a separate script.
pub(super) const WITHOUT_TRANSACTION_REASON: &str = "PostgreSQL cannot build an index concurrently \
    inside a transaction. An interrupted script starts over, and an invalid index that it left is \
    dropped first. So the script has a single statement.";

/// The access method of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IndexMethod {
    BTree,
    /// The method for containers: arrays, jsonb and tsvector.
    Gin,
}

impl IndexMethod {
    /// Returns the method for an index on the column of a field.
    pub(super) fn for_field(field: &Field, table: &str) -> Self {
        match field.type_in(table).class {
            TypeClass::Array | TypeClass::Json => Self::Gin,
            _ => Self::BTree,
        }
    }
}

/// Returns the default name of an index.
pub(super) fn index_name(table: &str, columns: &[String]) -> String {
    fit_name(&format!("{table}_{}", columns.join("_")), "_idx")
}

/// Returns the expression of a new index with the default name, or an error if the name is taken.
pub(super) fn checked_builder(
    request: &MigrationRequest<'_>,
    table: &str,
    columns: &[String],
    uniqueness: Uniqueness,
    method: IndexMethod,
) -> Result<String, WriteError> {
    request.ensure_name_is_free(&index_name(table, columns))?;
    Ok(builder(table, columns, uniqueness, method))
}

/// Returns the expression of an index with the default name.
pub(super) fn builder(
    table: &str,
    columns: &[String],
    uniqueness: Uniqueness,
    method: IndexMethod,
) -> String {
    let name = index_name(table, columns);
    let mut text = format!("index({}, [{}])", string(table), strings(columns));
    if name != format!("{table}_{}_idx", columns.join("_")) {
        text.push_str(&format!(".name({})", string(&name)));
    }
    if uniqueness == Uniqueness::Unique {
        text.push_str(".unique()");
    }
    // This is SeaORM's name for a GIN index.
    if method == IndexMethod::Gin {
        text.push_str(".full_text()");
    }
    text
}

/// Returns the script for the index of a new column.
pub(super) fn for_field(
    request: &MigrationRequest<'_>,
    table: &str,
    field: &Field,
    uniqueness: Uniqueness,
) -> Result<GeneratedFile, WriteError> {
    let slug = companion_slug(&format!("index_{}_of_{table}", field.column()));
    script(
        request,
        &slug,
        table,
        &[field.column()],
        uniqueness,
        IndexMethod::for_field(field, table),
    )
}

/// Returns the script that builds an index concurrently on an existing table.
pub(super) fn script(
    request: &MigrationRequest<'_>,
    slug: &str,
    table: &str,
    columns: &[String],
    uniqueness: Uniqueness,
    method: IndexMethod,
) -> Result<GeneratedFile, WriteError> {
    let index = checked_builder(request, table, columns, uniqueness, method)?;
    let addition =
        if uniqueness == Uniqueness::Unique { "Adds a unique index" } else { "Adds an index" };
    let script = ScriptSource {
        doc: vec![format!(
            "{addition} on {} of `{table}` without blocking writes.",
            join_quoted(columns)
        )],
        items: vec![without_transaction(WITHOUT_TRANSACTION_REASON)],
        up: FunctionBody::call(format!("add_index({index}.concurrently())")),
        down: FunctionBody::call(format!(
            "remove_index_concurrently({})",
            strings(&[&index_name(table, columns)])
        )),
        ..ScriptSource::default()
    };
    Ok(script.file(slug))
}
