//! Operations that rename tables and columns.

use super::target_table::TargetTable;
use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::operation::TableName;
use crate::rust_source::{FunctionBody, ScriptSource, strings};

/// Renames a table.
pub(super) fn table(
    request: &MigrationRequest<'_>,
    from: &TableName,
    to: &TableName,
) -> Result<GeneratedFile, WriteError> {
    // In `renameUserToUsers`, the old name is `user` and not its plural.
    let from = match request.target_table(from)? {
        found if found.name == to.plural => &from.input,
        found => found.name,
    };
    ensure_names_differ(request, from, &to.plural, &to.input)?;
    request.ensure_table_name_is_free(to)?;
    let summary = format!("Renames `{from}` to `{}`.", to.plural);
    Ok(script(summary, "rename_table", &[], from, &to.plural).file(request.slug))
}

/// Renames a column.
pub(super) fn column(
    request: &MigrationRequest<'_>,
    table: TargetTable<'_>,
    from: &str,
    to: &str,
) -> Result<GeneratedFile, WriteError> {
    ensure_names_differ(request, from, to, to)?;
    table.ensure_column_exists(from)?;
    table.ensure_column_is_new(to)?;
    table.ensure_column_is_not_inherited(from)?;
    let summary = format!("Renames `{from}` of `{}` to `{to}`.", table.name);
    Ok(script(summary, "rename_column", &[table.name], from, to).file(request.slug))
}

/// Fails if both names are the same. `input` is the new name as the user typed it.
fn ensure_names_differ(
    request: &MigrationRequest<'_>,
    from: &str,
    to: &str,
    input: &str,
) -> Result<(), WriteError> {
    if from == to {
        return Err(WriteError::SameName {
            slug: request.slug.to_owned(),
            input: input.to_owned(),
            name: from.to_owned(),
        });
    }
    Ok(())
}

/// Returns the script that calls `verb` with the given table, if it renames a part of one, and with both names.
fn script(summary: String, verb: &str, table: &[&str], from: &str, to: &str) -> ScriptSource {
    let call = |from, to| format!("{verb}({})", strings(&[table, &[from, to]].concat()));
    ScriptSource {
        doc: vec![
            summary,
            "Indexes and constraints keep their names. The running version of the application still \
                uses the old name. Deploy both together, or stop it in between."
                .to_owned(),
        ],
        up: FunctionBody::call(call(from, to)),
        down: FunctionBody::call(call(to, from)),
        ..ScriptSource::default()
    }
}
