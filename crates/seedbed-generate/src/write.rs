//! From an intent to the text of the files.

mod add;
mod cast;
mod change;
mod choose;
mod create;
mod drop;
mod error;
mod ground;
mod index;
mod parts;
mod remove;
mod rename;
mod rows_of_old;
mod values;

use std::collections::BTreeSet;

pub use choose::Chosen;
pub use error::WriteError;

use crate::field::{Field, Kind};
use crate::intent::Intent;
use crate::present::Present;
use crate::rust::Script;
use crate::trial::Trial;

/// All that a file is made of.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// The name of the first file, in snake_case.
    pub slug: &'r str,
    /// What the name says, as [`Readings::choose`](crate::Readings::choose) chooses it: its tables,
    /// columns and values are those of just that name.
    pub intent: &'r Intent,
    /// The list of fields as it was typed; none if there was none.
    pub fields: Option<&'r str>,
    /// What the database has under the names that the intent [reads](Intent::reads); none if it was not
    /// asked. Then nothing is compared with it.
    pub present: Option<&'r Present>,
    /// The extensions that a script creates already.
    pub extensions: &'r BTreeSet<String>,
}

/// One new file, not formatted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its name without the timestamp: the one that was asked for, or of a file that comes with it.
    pub slug: String,
    /// What is in it.
    pub text: String,
}

impl GeneratedFile {
    /// What it does, in one line: the first paragraph of its documentation.
    #[must_use]
    pub fn summary(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix("//! "));
        lines.collect::<Vec<_>>().join(" ")
    }
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Written {
    /// Complete files, in the order in which they run.
    Files {
        /// The files.
        files: Vec<GeneratedFile>,
        /// What somebody has to look at, one sentence each.
        notes: Vec<String>,
        /// What PostgreSQL should be asked before they are written, if it can be.
        trials: Vec<Trial>,
    },
    /// Nothing to derive a text from: the script is written by hand.
    Unwritten {
        /// What would have been enough, for the one who typed the name.
        why: String,
    },
}

/// Writes what the name says.
///
/// # Errors
/// A [`WriteError`] when the fields are wrong or do not belong to the name, or when the database does
/// not have what is to be changed.
pub fn write(request: &Request<'_>) -> Result<Written, WriteError> {
    match (request.intent, given(request.fields)) {
        (Intent::Other, None) => Ok(Written::Unwritten {
            why: format!(
                "not among the names that write the migration by themselves:\n{}",
                error::examples()
            ),
        }),
        (Intent::Other, Some(_)) => {
            Err(WriteError::NotUnderstood { slug: request.slug.to_owned() })
        }
        (intent, None) => match intent.example() {
            Some(fields) => Ok(Written::Unwritten {
                why: format!("with a list of fields it is written by itself: fields='{fields}'"),
            }),
            None => without_fields(request),
        },
        (_, Some(fields)) => with_fields(request, fields),
    }
}

/// The fields, if there are any.
fn given(fields: Option<&str>) -> Option<&str> {
    fields.map(str::trim).filter(|fields| !fields.is_empty())
}

fn without_fields(request: &Request<'_>) -> Result<Written, WriteError> {
    let mut notes = Vec::new();
    let files = match request.intent {
        Intent::DropTable(table) => {
            let table = request.table(table)?;
            notes = drop::types_that_stay(&table.columns);
            vec![drop::table(request, table)?]
        }
        Intent::DropEnum(name) => {
            vec![drop::enumeration(request, request.asked()?.enumeration(name)?)?]
        }
        Intent::AddEnumValues(name, values) => vec![values::add(request, name, values, None)?],
        Intent::RemoveEnumValues(name, values) => {
            vec![values::remove(request, request.asked()?.enumeration(name)?, values)?]
        }
        Intent::RenameEnumValue { name, from, to } => {
            vec![values::rename(request, name, from, to)?]
        }
        Intent::RemoveColumns(table, columns) => {
            let (files, told) = remove::columns(request, request.table(table)?, columns)?;
            notes = told;
            files
        }
        Intent::RemoveIndex(table, columns, uniqueness) => {
            vec![remove::index(request, request.table(table)?, columns, *uniqueness)?]
        }
        Intent::RemoveCheck(table, column) => {
            vec![remove::check(request, request.table(table)?, column.as_deref())?]
        }
        Intent::RenameTable { from, to } => vec![rename::table(request, from, to)?],
        Intent::RenameColumn { table, from, to } => {
            vec![rename::column(request, request.ground(table)?, from, to)?]
        }
        Intent::AddIndex(table, columns, uniqueness) => {
            let table = request.ground(table)?;
            let columns = table.columns(columns)?;
            let method = index::Method::BTree;
            vec![index::script(request, request.slug, table.name, &columns, *uniqueness, method)?]
        }
        Intent::AddReference { table, to } => {
            let fields = Field::parse_all(&format!("{to}:references"))?;
            return add::columns(request, request.ground(table)?, &fields);
        }
        Intent::CreateJoinTable(one, other) => return create::join_table(request, one, other, &[]),
        _ => return Err(WriteError::NotUnderstood { slug: request.slug.to_owned() }),
    };
    Ok(Written::Files { files, notes, trials: Vec::new() })
}

fn with_fields(request: &Request<'_>, text: &str) -> Result<Written, WriteError> {
    let files = match request.intent {
        Intent::CreateTable(table) => {
            return create::table(request, table, &Field::parse_all(text)?);
        }
        Intent::CreateJoinTable(one, other) => {
            return create::join_table(request, one, other, &Field::parse_all(text)?);
        }
        Intent::AddColumns(table, columns) => {
            let fields = Field::parse_all(text)?;
            add::agree(request, table, columns, &fields)?;
            return add::columns(request, request.ground(table)?, &fields);
        }
        Intent::AddReference { table, to } => {
            let fields = Field::parse_all(text)?;
            match fields.as_slice() {
                [field] if field.name == *to && matches!(field.kind, Kind::References { .. }) => {}
                _ => return Err(other_field(request, to)),
            }
            return add::columns(request, request.ground(table)?, &fields);
        }
        Intent::ChangeColumn(table, column) => {
            let fields = Field::parse_all(text)?;
            return match fields.as_slice() {
                [field] if field.name == *column => {
                    change::column(request, request.table(table)?, field)
                }
                _ => Err(other_field(request, column)),
            };
        }
        Intent::AddCheck(table, column) => {
            return add::check(request, request.ground(table)?, column.as_deref(), text);
        }
        Intent::CreateEnum(name) => vec![create::enumeration(request, name, text)?],
        Intent::AddEnumValues(name, values) => {
            vec![values::add(request, name, values, Some(text))?]
        }
        Intent::RemoveEnumValues(name, values) => {
            let one = request.asked()?.enumeration(name)?;
            vec![values::remove(request, one, values)?]
        }
        _ => return Err(WriteError::NoFields { slug: request.slug.to_owned() }),
    };
    Ok(Written::Files { files, notes: Vec::new(), trials: Vec::new() })
}

fn other_field(request: &Request<'_>, column: &str) -> WriteError {
    WriteError::OtherField { slug: request.slug.to_owned(), column: column.to_owned() }
}

impl Script {
    fn file(&self, slug: &str) -> GeneratedFile {
        GeneratedFile { slug: slug.to_owned(), text: self.text() }
    }
}

#[cfg(test)]
mod tests;
