//! The dry run of a seed's rows.
//!
//! Only the database knows what its types, constraints and triggers accept, and which spellings are
//! the same value.

use seedbed_build::ScriptKind;
use seedbed_config::{Hint, SuggestedCommand};
use serde::Deserialize;

use super::error::{RowError, SeedError};
use super::plan::{SeedPlan, SeedRow};
use super::values::is_text;
use crate::names::join_quoted_with_or;
use seedbed_schema::model::Column;
use seedbed_sql::quote_literal;

use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Returns the statements that insert the rows, print the problems, and roll back.
pub(super) fn statements(plan: &SeedPlan<'_>, rows: &[SeedRow]) -> String {
    let cells = |row: &SeedRow| {
        let id = Some(row.id.to_string());
        let cells = std::iter::once(id).chain(row.cells.iter().cloned());
        serde_json::Value::from_iter(cells)
    };
    let json = serde_json::Value::from_iter(rows.iter().map(cells)).to_string();
    let names: Vec<String> = plan.names().map(quote_literal).collect();
    let numbered = || plan.columns.iter().enumerate();
    let key = numbered().filter(|(_, column)| plan.key.contains(&column.name));
    let key: Vec<String> = key
        .map(|(at, column)| match &column.collation {
            Some(collation) => {
                let collation = plan.schema.sql_name(collation);
                format!("{} COLLATE {collation}", cast_cell(plan, column, at + 1))
            }
            None => cast_cell(plan, column, at + 1),
        })
        .collect();
    let parts = [
        ("{put}", quote_literal(&insert(plan))),
        ("{columns}", format!("ARRAY[{}]::text[]", names.join(", "))),
        ("{table}", quote_literal(&quote_if_needed(&plan.table.name.name))),
        ("{key}", key.join(", ")),
        ("{rows_at_once}", plan.rows_at_once().to_string()),
        // The rows come last, so that a placeholder in their text is not replaced.
        ("{rows}", quote_literal(&json)),
    ];
    let text = include_str!("dry_run.sql").to_owned();
    parts.iter().fold(text, |text, (place, part)| text.replace(place, part))
}

/// Returns the upsert of the seed as a statement that takes the rows as a `json[]`, and returns the ids of the affected
/// rows.
fn insert(plan: &SeedPlan<'_>) -> String {
    let quoted: Vec<String> =
        std::iter::once("id").chain(plan.names()).map(quote_if_needed).collect();
    let values = plan.columns.iter().enumerate().map(|(at, column)| value(plan, column, at + 1));
    let values: Vec<String> =
        std::iter::once("CAST(cells->>0 AS uuid)".to_owned()).chain(values).collect();
    let key: Vec<String> = plan.key.iter().map(|name| quote_if_needed(name)).collect();
    let action = match plan.updated().as_slice() {
        // The seed itself does nothing in this case. The dry run updates the row, because only an updated row is
        // returned.
        [] => "id = target.id".to_owned(),
        columns => {
            let set =
                columns.iter().map(|name| format!("{0} = EXCLUDED.{0}", quote_if_needed(name)));
            set.collect::<Vec<_>>().join(", ")
        }
    };
    format!(
        "WITH put AS (INSERT INTO {} AS target ({}) SELECT {} FROM unnest($1) WITH ORDINALITY AS rows (cells, row) \
         ORDER BY row ON CONFLICT ({}) DO UPDATE SET {action} RETURNING id) SELECT array_agg(id) FROM put",
        quote_if_needed(&plan.table.name.name),
        quoted.join(", "),
        values.join(", "),
        key.join(", ")
    )
}

/// Returns the expression of a cell's value, as the seed inserts it.
fn value(plan: &SeedPlan<'_>, column: &Column, at: usize) -> String {
    if is_text(&column.data_type) { format!("cells->>{at}") } else { cast_cell(plan, column, at) }
}

/// Returns the expression of a cell's value, cast to the type of the column.
fn cast_cell(plan: &SeedPlan<'_>, column: &Column, at: usize) -> String {
    format!("CAST(cells->>{at} AS {})", plan.schema.type_sql(&column.data_type))
}

/// A problem that the database reports about the rows.
#[derive(Debug, Deserialize)]
struct RowProblem {
    /// The number of the row, from 1, or `None` if the problem is about all rows.
    row: Option<usize>,
    /// The number of the column without the id, from 1.
    column: Option<usize>,
    /// The number of the earlier row with the same key.
    first: Option<usize>,
    /// The value that the column would keep.
    kept: Option<String>,
    /// The values of an enum.
    labels: Option<Vec<String>>,
    code: Option<String>,
    message: Option<String>,
    detail: Option<String>,
    constraint: Option<String>,
}

/// Reads the output of the statements, and fails if it reports a problem.
pub(super) fn check_dry_run(
    plan: &SeedPlan<'_>,
    rows: &[SeedRow],
    output: &str,
) -> Result<(), SeedError> {
    let mut found: Vec<RowProblem> = serde_json::from_str(output.trim()).map_err(|error| {
        let problem = format!("failed to read the output of the database: {error}");
        SeedError::Rejected { problem, hint: BY_HAND.into() }
    })?;
    found.sort_by_key(|one| (one.row, one.column));
    let mut wrong = Vec::new();
    for one in &found {
        match one.row.and_then(|row| rows.get(row.checked_sub(1)?)) {
            Some(row) => wrong.push(row_error(plan, rows, row, one)),
            None => {
                return Err(SeedError::Rejected { problem: one.problem(), hint: BY_HAND.into() });
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(SeedError::InvalidRows(wrong)) }
}

const BY_HAND: &str =
    "correct the file, or create the seed without the file and write the rows by hand";

/// Returns the error of a row about which the database reports a problem.
fn row_error(plan: &SeedPlan<'_>, rows: &[SeedRow], row: &SeedRow, found: &RowProblem) -> RowError {
    if let Some(first) = found.first.and_then(|first| rows.get(first.checked_sub(1)?)) {
        let (earlier, key) = (plan.key_of(first), plan.key_of(row));
        return RowError::duplicate(row.line, first.line, &plan.key, &earlier, &key);
    }
    let Some((column, text)) = found.column.and_then(|place| {
        let place = place.checked_sub(1)?;
        Some((*plan.columns.get(place)?, row.cells.get(place)?.as_deref().unwrap_or_default()))
    }) else {
        return RowError::new(row.line, found.problem(), found.hint());
    };
    if let Some(kept) = &found.kept {
        let sql_type = plan.schema.type_sql(&column.data_type);
        return RowError::truncated(row.line, text, (column, &sql_type), kept);
    }
    // 22P05: the server cannot store the character of an escape sequence.
    if found.code.as_deref() == Some("22P05") && text.contains(r"\u0000") {
        let sql_type = plan.schema.type_sql(&column.data_type);
        return RowError::nul_character(row.line, (column, &sql_type));
    }
    let labels = found.labels.as_ref().map(|labels| format!("use {}", join_quoted_with_or(labels)));
    plan.invalid_value(row.line, text, column, labels, found.message.as_deref())
}

impl RowProblem {
    fn problem(&self) -> String {
        let message = self.message.as_deref().unwrap_or("the database rejects it");
        match &self.detail {
            Some(detail) => format!("{message}: {}", detail.trim_end_matches('.')),
            None => message.to_owned(),
        }
    }

    /// Returns the hint that says how to correct the problem, by its
    /// [error code](https://www.postgresql.org/docs/current/errcodes-appendix.html).
    fn hint(&self) -> Hint {
        let constraint = self.constraint.as_ref();
        let constraint =
            constraint.map_or_else(|| "a constraint".to_owned(), |name| format!("`{name}`"));
        match self.code.as_deref() {
            Some("23503") => Hint::text(format!("{constraint} requires the referenced row: run "))
                .then_command(SuggestedCommand::Up { kind: ScriptKind::Seed, name: None })
                .then(
                    " first if a pending seed inserts it, or put it in the file before the rows that refer to it",
                ),
            Some("23505" | "23P01") => format!(
                "correct the file or the existing row: {constraint} allows only one row with this value"
            )
            .into(),
            Some("23514") => {
                format!("correct the file: {constraint} defines the allowed values").into()
            }
            _ => BY_HAND.into(),
        }
    }
}
