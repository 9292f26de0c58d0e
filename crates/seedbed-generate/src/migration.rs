//! Generates the files of a migration from its operation and its fields.

mod add;
mod backfill;
mod cast;
mod change;
mod choose;
mod create;
mod drop;
mod enum_values;
mod error;
mod index;
mod remove;
mod rename;
mod snippets;
mod target_table;

use std::collections::BTreeSet;

use seedbed_config::Hint;
use seedbed_schema::DatabaseSchema;

pub use choose::ChosenOperation;
pub use error::WriteError;

use crate::dry_run::DryRun;
use crate::field::{Field, FieldKind};
use crate::operation::Operation;
use crate::rust_source::ScriptSource;

/// The input of [`write_migration`].
#[derive(Debug, Clone, Copy)]
pub struct MigrationRequest<'r> {
    /// The requested name in snake_case. If there are several files, the others have names of their own.
    pub slug: &'r str,
    /// The operation that [`Interpretations::choose`](crate::Interpretations::choose) returns, with
    /// the exact names of tables, columns and values.
    pub operation: &'r Operation,
    /// The list of fields as the user typed it, if any.
    pub fields: Option<&'r str>,
    /// The schema of the database, read with [`read_options`](crate::read_options). Without a schema, the operation is
    /// not checked against the database.
    pub schema: Option<&'r DatabaseSchema>,
    /// The extensions that an existing migration creates.
    pub extensions: &'r BTreeSet<String>,
}

/// A new file that is not formatted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The name of the file without its timestamp: the requested name, or the name of a companion file.
    pub slug: String,
    /// A description of the script in one line.
    pub summary: String,
    /// The source of the file.
    pub text: String,
}

/// The result of [`write_migration`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MigrationOutcome {
    /// Complete files, in the order in which they run.
    Generated {
        /// The files.
        files: Vec<GeneratedFile>,
        /// Sentences about details that the user should check.
        notes: Vec<Hint>,
        /// Statements that PostgreSQL should run before the files are written, if a database is
        /// available.
        dry_runs: Vec<DryRun>,
    },
    /// The script has to be written by hand, because nothing can be generated from this input.
    Manual {
        /// The reason, and the input with which the script could be generated.
        reason: String,
    },
}

/// Writes the files of a migration.
///
/// # Errors
/// Returns a [`WriteError`] if the fields are invalid or do not match the name, or if the database does not have the
/// object that the operation changes.
pub fn write_migration(request: &MigrationRequest<'_>) -> Result<MigrationOutcome, WriteError> {
    match (request.operation, given(request.fields)) {
        (Operation::Other, None) => Ok(MigrationOutcome::Manual {
            reason: format!(
                "the name does not describe a supported operation; the supported names are:\n{}",
                error::examples()
            ),
        }),
        (Operation::Other, Some(_)) => {
            Err(WriteError::UnrecognizedName { slug: request.slug.to_owned() })
        }
        (operation, None) => match operation.example() {
            Some(fields) => Ok(MigrationOutcome::Manual {
                reason: format!("for example, the fields `{fields}` would generate the migration"),
            }),
            None => without_fields(request),
        },
        (_, Some(fields)) => with_fields(request, fields),
    }
}

/// Returns the fields, unless they are blank.
fn given(fields: Option<&str>) -> Option<&str> {
    fields.map(str::trim).filter(|fields| !fields.is_empty())
}

/// Generates the files of an operation without fields.
fn without_fields(request: &MigrationRequest<'_>) -> Result<MigrationOutcome, WriteError> {
    let mut notes = Vec::new();
    let files = match request.operation {
        Operation::DropTable(table) => {
            let table = request.existing_table(table)?;
            notes = drop::remaining_enum_types(request.required_schema()?, &table.columns);
            vec![drop::table(request, table)?]
        }
        Operation::DropEnum(name) => {
            vec![drop::enumeration(request, request.required_schema()?.enumeration(name)?)?]
        }
        Operation::AddEnumValues(name, values) => {
            vec![enum_values::add(request, name, values, None)?]
        }
        Operation::RemoveEnumValues(name, values) => {
            vec![enum_values::remove(
                request,
                request.required_schema()?.enumeration(name)?,
                values,
            )?]
        }
        Operation::RenameEnumValue { name, from, to } => {
            vec![enum_values::rename(request, name, from, to)?]
        }
        Operation::RemoveColumns(table, columns) => {
            let (files, column_notes) =
                remove::columns(request, request.existing_table(table)?, columns)?;
            notes = column_notes;
            files
        }
        Operation::RemoveIndex(table, columns, uniqueness) => {
            vec![remove::index(request, request.existing_table(table)?, columns, *uniqueness)?]
        }
        Operation::RemoveCheck(table, column) => {
            vec![remove::check(request, request.existing_table(table)?, column.as_deref())?]
        }
        Operation::RenameTable { from, to } => vec![rename::table(request, from, to)?],
        Operation::RenameColumn { table, from, to } => {
            vec![rename::column(request, request.target_table(table)?, from, to)?]
        }
        Operation::AddIndex(table, columns, uniqueness) => {
            let table = request.target_table(table)?;
            let columns = table.resolve_columns(columns)?;
            let method = index::IndexMethod::BTree;
            vec![index::script(request, request.slug, table.name, &columns, *uniqueness, method)?]
        }
        Operation::AddReference { table, to } => {
            let fields = Field::parse_all(&format!("{to}:references"))?;
            return add::columns(request, request.target_table(table)?, &fields);
        }
        Operation::CreateJoinTable(one, other) => {
            return create::join_table(request, one, other, &[]);
        }
        _ => return Err(WriteError::UnrecognizedName { slug: request.slug.to_owned() }),
    };
    Ok(MigrationOutcome::Generated { files, notes, dry_runs: Vec::new() })
}

/// Generates the files of an operation from the text of its fields.
fn with_fields(request: &MigrationRequest<'_>, text: &str) -> Result<MigrationOutcome, WriteError> {
    let files = match request.operation {
        Operation::CreateTable(table) => {
            return create::table(request, table, &Field::parse_all(text)?);
        }
        Operation::CreateJoinTable(one, other) => {
            return create::join_table(request, one, other, &Field::parse_all(text)?);
        }
        Operation::AddColumns(table, columns) => {
            let fields = Field::parse_all(text)?;
            add::ensure_fields_match_name(request, table, columns, &fields)?;
            return add::columns(request, request.target_table(table)?, &fields);
        }
        Operation::AddReference { table, to } => {
            let fields = Field::parse_all(text)?;
            match fields.as_slice() {
                [field]
                    if field.name == *to && matches!(field.kind, FieldKind::References { .. }) => {}
                _ => return Err(wrong_field(request, to)),
            }
            return add::columns(request, request.target_table(table)?, &fields);
        }
        Operation::ChangeColumn(table, column) => {
            let fields = Field::parse_all(text)?;
            return match fields.as_slice() {
                [field] if field.name == *column => {
                    change::column(request, request.existing_table(table)?, field)
                }
                _ => Err(wrong_field(request, column)),
            };
        }
        Operation::AddCheck(table, column) => {
            return add::check(request, request.target_table(table)?, column.as_deref(), text);
        }
        Operation::CreateEnum(name) => vec![create::enumeration(request, name, text)?],
        Operation::AddEnumValues(name, values) => {
            vec![enum_values::add(request, name, values, Some(text))?]
        }
        Operation::RemoveEnumValues(name, values) => {
            let one = request.required_schema()?.enumeration(name)?;
            vec![enum_values::remove(request, one, values)?]
        }
        _ => return Err(WriteError::UnexpectedFields { slug: request.slug.to_owned() }),
    };
    Ok(MigrationOutcome::Generated { files, notes: Vec::new(), dry_runs: Vec::new() })
}

fn wrong_field(request: &MigrationRequest<'_>, column: &str) -> WriteError {
    WriteError::WrongField { slug: request.slug.to_owned(), column: column.to_owned() }
}

impl ScriptSource {
    /// Renders the source as a file with the given name.
    pub(crate) fn file(&self, slug: &str) -> GeneratedFile {
        let summary = self.doc.first().cloned().unwrap_or_default();
        GeneratedFile { slug: slug.to_owned(), summary, text: self.render() }
    }
}

#[cfg(test)]
mod tests;
