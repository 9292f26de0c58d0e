//! Which reading of a name is meant, by what the database has.
//!
//! A column of just the name that was typed goes before one that the words stand for. Where several
//! readings are left, none is taken: a script must not drop or change what nobody meant.

mod candidates;
mod spelling;
mod target;

use candidates::{Candidate, candidates, existing};
use spelling::spelling;

use super::values::spelt;
use super::{WriteError, given};
use crate::field::Field;
use crate::intent::{Columns, Intent, NameList, Noun, Readings};
use crate::present::Present;

/// The one reading that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chosen {
    /// What is written, under the names that the database has.
    pub intent: Intent,
    /// What else somebody may have meant, one sentence each.
    pub notes: Vec<String>,
}

impl Readings {
    /// Chooses the reading that fits the fields and the database; the likeliest one if the database was
    /// not asked.
    ///
    /// # Errors
    /// A [`WriteError`] when several readings fit, or when only the database could tell which one is meant.
    pub fn choose(
        &self,
        fields: Option<&str>,
        present: Option<&Present>,
    ) -> Result<Chosen, WriteError> {
        let fields = given(fields);
        let Some(present) = present else {
            if fields.is_none() && self.leaves_open_what_is_renamed() {
                return Err(WriteError::NotAsked { slug: self.slug().to_owned() });
            }
            return Ok(Chosen { intent: self.by_words(fields).clone(), notes: Vec::new() });
        };
        let found = fitting(self, fields, present)?;
        let (typed, reworded): (Vec<_>, Vec<_>) = found.iter().partition(|one| !one.is_reworded);
        let (best, others) =
            if typed.is_empty() { (reworded, Vec::new()) } else { (typed, reworded) };
        let spelling = |one: &Candidate| spelling(self.slug(), one, fields, present);
        match best.as_slice() {
            [] => Ok(Chosen { intent: self.likeliest_name(fields, present)?, notes: Vec::new() }),
            [one] => {
                let notes = others.into_iter().map(|other| also(other, spelling(other)));
                Ok(Chosen { intent: one.intent.clone(), notes: notes.collect() })
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

    /// The reading to which the fields belong, else the likeliest.
    fn by_words(&self, fields: Option<&str>) -> &Intent {
        let fields = fields.and_then(|fields| Field::parse_all(fields).ok());
        let is_of_field = |intent: &&Intent| match (intent, fields.as_deref()) {
            (Intent::ChangeColumn(_, column), Some([field])) => field.name == *column,
            _ => false,
        };
        self.iter().find(is_of_field).unwrap_or_else(|| self.likeliest())
    }

    /// The likeliest reading where none fits, with the names that the error is about.
    fn likeliest_name(
        &self,
        fields: Option<&str>,
        present: &Present,
    ) -> Result<Intent, WriteError> {
        Ok(match self.by_words(fields).clone() {
            Intent::RemoveColumns(table, words) => {
                Intent::RemoveColumns(table, NameList::new(&words.words(), Noun::Column).usual())
            }
            Intent::RemoveIndex(table, words, uniqueness) => {
                let found = present.table(&table).map(|table| existing(table, &words));
                let columns = match found.unwrap_or_default().into_iter().next() {
                    Some(columns) => Columns(columns),
                    None => NameList::new(&words.words(), Noun::Column).usual(),
                };
                Intent::RemoveIndex(table, columns, uniqueness)
            }
            Intent::RemoveEnumValues(name, words) => {
                let usual = NameList::new(&words.words(), Noun::Value).usual();
                let values = spelt(self.slug(), &usual, fields)?;
                Intent::RemoveEnumValues(name, Columns(values))
            }
            other => other,
        })
    }
}

/// The readings for which there is something, each thing once.
fn fitting(
    readings: &Readings,
    fields: Option<&str>,
    present: &Present,
) -> Result<Vec<Candidate>, WriteError> {
    let mut found: Vec<Candidate> = Vec::new();
    for intent in readings.iter() {
        for candidate in candidates(intent, fields, present)? {
            match found.iter_mut().find(|other| other.target == candidate.target) {
                Some(other) => other.is_reworded &= candidate.is_reworded,
                None => found.push(candidate),
            }
        }
    }
    Ok(found)
}

/// What the name would mean, were there no column of just that name.
fn also(other: &Candidate, spelling: Option<String>) -> String {
    let name = spelling.map_or_else(String::new, |name| format!(": name={name}"));
    format!("the name can also mean {}{name}", other.target)
}

#[cfg(test)]
mod tests;
