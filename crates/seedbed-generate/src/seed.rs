//! Seeds: rows that are put in by a natural key, and taken out by their ids.

mod error;
mod key;
mod plan;
mod rows;
mod script;
mod trial;
mod values;

pub use error::{SeedError, Wrong};
pub use rows::Rows;

use crate::intent::TableName;
use crate::present::Present;
use crate::write::GeneratedFile;
use plan::{Plan, SeedRow};

/// All that a seed is made of.
#[derive(Debug, Clone, Copy)]
pub struct SeedRequest<'r> {
    /// The name of the file, in snake_case.
    pub slug: &'r str,
    /// The table, as it was typed.
    pub table: &'r TableName,
    /// The rows; without them the script is there but for its rows.
    pub rows: Option<&'r Rows>,
    /// What the database has under the name of the table.
    pub present: &'r Present,
}

/// A seed whose rows fit, as far as it can be told without the database.
#[derive(Debug)]
pub struct Seed<'r> {
    slug: &'r str,
    plan: Plan<'r>,
    /// None if they are to be filled in.
    rows: Option<Vec<SeedRow>>,
    are: script::Rows,
}

impl<'r> Seed<'r> {
    /// Decides what goes where.
    ///
    /// # Errors
    /// A [`SeedError`] when the database has no such table, when nothing in it tells one row from another,
    /// or when the rows do not fit.
    pub fn plan(request: &SeedRequest<'r>) -> Result<Self, SeedError> {
        let plan = Plan::of(request)?;
        let rows = request.rows.map(|rows| plan.rows(rows)).transpose()?;
        let are = match request.rows {
            Some(rows) if rows.columns.iter().any(|column| column == "id") => {
                script::Rows::GivenWithIds
            }
            Some(_) => script::Rows::Given,
            None => script::Rows::ToBeWritten,
        };
        Ok(Self { slug: request.slug, plan, rows, are })
    }

    /// What tells whether the database takes the rows: statements for psql, whose answer goes to
    /// [`judge`](Self::judge). They put the rows in and take them back: of what they do only the counting
    /// of sequences stays, and whatever a trigger does outside of the database.
    #[must_use]
    pub fn trial(&self) -> Option<String> {
        self.rows.as_ref().map(|rows| trial::statements(&self.plan, rows))
    }

    /// Reads the answer to the trial.
    ///
    /// # Errors
    /// All that the database does not take.
    pub fn judge(&self, answer: &str) -> Result<(), SeedError> {
        trial::judge(&self.plan, self.rows.as_deref().unwrap_or_default(), answer)
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> GeneratedFile {
        let rows: Vec<String> = match &self.rows {
            Some(rows) => rows.iter().map(|row| self.plan.rust(row)).collect(),
            None => vec![self.plan.example()],
        };
        let text = script::script(&self.plan, &rows, self.are).text();
        GeneratedFile { slug: self.slug.to_owned(), text }
    }
}

#[cfg(test)]
mod tests;
