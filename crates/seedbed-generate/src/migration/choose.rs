//! Chooses the interpretation of a name that fits the database.
//!
//! A column with exactly the typed name takes precedence over a column that the words paraphrase. If several
//! interpretations remain, none is chosen, because a script must not drop or change something that the user did not
//! mean.

mod candidates;
mod target;
mod unambiguous_name;

use seedbed_schema::DatabaseSchema;

use candidates::{Candidate, candidates, existing_columns};
use unambiguous_name::unambiguous_name;

use super::enum_values::resolve_values;
use super::{WriteError, given};
use crate::field::Field;
use crate::operation::{Columns, Interpretations, NameList, Noun, Operation};
use crate::visible_schema::VisibleSchema;

/// The operation that a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChosenOperation {
    /// The operation, with the names that the database has.
    pub operation: Operation,
    /// Other meanings that the user may have intended, one sentence each.
    pub notes: Vec<String>,
}

impl Interpretations {
    /// Chooses the interpretation that fits the fields and the database. Without a database, chooses the likeliest one.
    ///
    /// # Errors
    /// Returns a [`WriteError`] if several interpretations fit, or if a database is needed to choose one.
    pub fn choose(
        &self,
        fields: Option<&str>,
        schema: Option<&DatabaseSchema>,
    ) -> Result<ChosenOperation, WriteError> {
        let fields = given(fields);
        let Some(schema) = schema.map(VisibleSchema::new) else {
            if fields.is_none() && self.is_ambiguous_rename() {
                return Err(WriteError::DatabaseRequired { slug: self.slug().to_owned() });
            }
            return Ok(ChosenOperation {
                operation: self.likeliest_for_fields(fields).clone(),
                notes: Vec::new(),
            });
        };
        let found = matching_candidates(self, fields, schema)?;
        let (exact, reworded): (Vec<_>, Vec<_>) = found.iter().partition(|one| !one.is_reworded);
        let (best, others) =
            if exact.is_empty() { (reworded, Vec::new()) } else { (exact, reworded) };
        let spelling = |one: &Candidate| unambiguous_name(self.slug(), one, fields, schema);
        match best.as_slice() {
            [] => Ok(ChosenOperation {
                operation: self.likeliest_with_names(fields, schema)?,
                notes: Vec::new(),
            }),
            [one] => {
                let notes =
                    others.into_iter().map(|other| alternative_note(other, spelling(other)));
                Ok(ChosenOperation { operation: one.operation.clone(), notes: notes.collect() })
            }
            several => {
                let meanings = several.iter().map(|one| (one.target.to_string(), spelling(one)));
                Err(WriteError::Ambiguous {
                    slug: self.slug().to_owned(),
                    meanings: meanings.collect(),
                })
            }
        }
    }

    /// Returns the interpretation that the fields match, else the likeliest one.
    fn likeliest_for_fields(&self, fields: Option<&str>) -> &Operation {
        let fields = fields.and_then(|fields| Field::parse_all(fields).ok());
        let is_of_field = |operation: &&Operation| match (operation, fields.as_deref()) {
            (Operation::ChangeColumn(_, column), Some([field])) => field.name == *column,
            _ => false,
        };
        self.iter().find(is_of_field).unwrap_or_else(|| self.likeliest())
    }

    /// Returns the likeliest interpretation when none fits, with the names that the error message
    /// mentions.
    fn likeliest_with_names(
        &self,
        fields: Option<&str>,
        schema: VisibleSchema<'_>,
    ) -> Result<Operation, WriteError> {
        Ok(match self.likeliest_for_fields(fields).clone() {
            Operation::RemoveColumns(table, words) => Operation::RemoveColumns(
                table,
                NameList::new(&words.as_words(), Noun::Column).default_names(),
            ),
            Operation::RemoveIndex(table, words, uniqueness) => {
                let found = schema.table(&table).map(|table| existing_columns(table, &words));
                let columns = match found.unwrap_or_default().into_iter().next() {
                    Some(columns) => Columns(columns),
                    None => NameList::new(&words.as_words(), Noun::Column).default_names(),
                };
                Operation::RemoveIndex(table, columns, uniqueness)
            }
            Operation::RemoveEnumValues(name, words) => {
                let default = NameList::new(&words.as_words(), Noun::Value).default_names();
                let values = resolve_values(self.slug(), &default, fields)?;
                Operation::RemoveEnumValues(name, Columns(values))
            }
            other => other,
        })
    }
}

/// Returns the interpretations for which the database has an object, each object once.
fn matching_candidates(
    interpretations: &Interpretations,
    fields: Option<&str>,
    schema: VisibleSchema<'_>,
) -> Result<Vec<Candidate>, WriteError> {
    let mut found: Vec<Candidate> = Vec::new();
    for operation in interpretations.iter() {
        for candidate in candidates(operation, fields, schema)? {
            match found.iter_mut().find(|other| other.target == candidate.target) {
                Some(other) => other.is_reworded &= candidate.is_reworded,
                None => found.push(candidate),
            }
        }
    }
    Ok(found)
}

/// Returns the note about a column that the name may paraphrase.
fn alternative_note(other: &Candidate, spelling: Option<String>) -> String {
    let name = spelling
        .map_or_else(String::new, |name| format!("; the name `{name}` has only that meaning"));
    format!("the name can also mean {}{name}", other.target)
}

#[cfg(test)]
mod tests;
