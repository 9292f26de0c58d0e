//! Generates seeds, which upsert rows by a natural key and delete them by their ids.

mod dry_run;
mod error;
mod natural_key;
mod plan;
mod rows;
mod script;
mod values;

pub use error::{RowError, SeedError};
pub use rows::Rows;

use seedbed_schema::DatabaseSchema;

use crate::migration::GeneratedFile;
use crate::operation::TableName;
use plan::{SeedPlan, SeedRow};
use script::RowSource;

/// The input of [`Seed::plan`].
#[derive(Debug, Clone, Copy)]
pub struct SeedRequest<'r> {
    /// The name of the file in snake_case.
    pub slug: &'r str,
    /// The only environment in which the seed runs, or `None` if it runs in all.
    pub environment: Option<&'r str>,
    /// The table as the user typed it.
    pub table: &'r TableName,
    /// The rows. Without rows, the seed has a placeholder row.
    pub rows: Option<&'r Rows>,
    /// The schema of the database, read with [`read_options`](crate::read_options).
    pub schema: &'r DatabaseSchema,
}

/// A seed whose rows fit the table, as far as that can be checked without the database.
#[derive(Debug)]
pub struct Seed<'r> {
    slug: &'r str,
    plan: SeedPlan<'r>,
    /// The rows, or `None` if the user fills them in.
    rows: Option<Vec<SeedRow>>,
    row_source: RowSource,
}

impl<'r> Seed<'r> {
    /// Determines the columns, the natural key and the ids of the seed.
    ///
    /// # Errors
    /// Returns a [`SeedError`] if the table does not exist, if the table has no natural key, or if the rows do not fit
    /// the table.
    pub fn plan(request: &SeedRequest<'r>) -> Result<Self, SeedError> {
        let plan = SeedPlan::new(request)?;
        let rows = request.rows.map(|rows| plan.rows(rows)).transpose()?;
        let row_source = match request.rows {
            Some(rows) if rows.columns.iter().any(|column| column == "id") => {
                RowSource::GivenWithIds
            }
            Some(_) => RowSource::Given,
            None => RowSource::Placeholder,
        };
        Ok(Self { slug: request.slug, plan, rows, row_source })
    }

    /// Returns statements that check whether the database accepts the rows, or `None` without rows. They return a
    /// single value, which is the argument of [`check_dry_run`](Self::check_dry_run).
    ///
    /// The statements insert the rows and roll back. Two effects remain: sequences advance, and a trigger may have
    /// acted outside of the database.
    #[must_use]
    pub fn dry_run_sql(&self) -> Option<String> {
        self.rows.as_ref().map(|rows| dry_run::statements(&self.plan, rows))
    }

    /// Reads the output of the dry run.
    ///
    /// # Errors
    /// Returns every row that the database rejects.
    pub fn check_dry_run(&self, output: &str) -> Result<(), SeedError> {
        dry_run::check_dry_run(&self.plan, self.rows.as_deref().unwrap_or_default(), output)
    }

    /// Returns the file of the seed.
    #[must_use]
    pub fn file(&self) -> GeneratedFile {
        let rows: Vec<String> = match &self.rows {
            Some(rows) => rows.iter().map(|row| self.plan.rust_row(row)).collect(),
            None => vec![self.plan.placeholder_row()],
        };
        script::seed_script(&self.plan, &rows, self.row_source).file(self.slug)
    }
}

#[cfg(test)]
mod tests;
