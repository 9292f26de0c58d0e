//! The rows, tried on the database: only it knows what its types, constraints and triggers take, and which
//! spellings are one value.

use serde::Deserialize;

use super::error::{SeedError, Wrong};
use super::plan::{Plan, SeedRow};
use super::values::is_text;
use crate::present::Column;
use seedbed_sql::quote_literal;

use crate::sql::word;

/// The statements that try the rows. They print what is wrong with them and change nothing.
pub(super) fn statements(plan: &Plan<'_>, rows: &[SeedRow]) -> String {
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
            Some(collation) => format!("{} COLLATE {collation}", compared(column, at + 1)),
            None => compared(column, at + 1),
        })
        .collect();
    let parts = [
        ("{put}", quote_literal(&insert(plan))),
        ("{columns}", format!("ARRAY[{}]::text[]", names.join(", "))),
        ("{table}", quote_literal(&word(&plan.table.name))),
        ("{key}", key.join(", ")),
        ("{rows_at_once}", plan.rows_at_once().to_string()),
        // The last one: what it holds is nobody's place.
        ("{rows}", quote_literal(&json)),
    ];
    let text = include_str!("trial.sql").to_owned();
    parts.iter().fold(text, |text, (place, part)| text.replace(place, part))
}

/// The statement of the seed, with the rows as `json[]`; it returns the ids that they have then.
fn insert(plan: &Plan<'_>) -> String {
    let quoted: Vec<String> = std::iter::once("id").chain(plan.names()).map(word).collect();
    let values = plan.columns.iter().enumerate().map(|(at, column)| value(column, at + 1));
    let values: Vec<String> =
        std::iter::once("CAST(cells->>0 AS uuid)".to_owned()).chain(values).collect();
    let key: Vec<String> = plan.key.iter().map(|name| word(name)).collect();
    let action = match plan.updated().as_slice() {
        // The seed does nothing then; only a row that is updated is returned.
        [] => "id = target.id".to_owned(),
        columns => {
            let set = columns.iter().map(|name| format!("{0} = EXCLUDED.{0}", word(name)));
            set.collect::<Vec<_>>().join(", ")
        }
    };
    format!(
        "WITH put AS (INSERT INTO {} AS target ({}) SELECT {} FROM unnest($1) WITH ORDINALITY AS rows (cells, row) \
         ORDER BY row ON CONFLICT ({}) DO UPDATE SET {action} RETURNING id) SELECT array_agg(id) FROM put",
        word(&plan.table.name),
        quoted.join(", "),
        values.join(", "),
        key.join(", ")
    )
}

/// As the seed inserts it.
fn value(column: &Column, at: usize) -> String {
    if is_text(&column.sql_type) { format!("cells->>{at}") } else { compared(column, at) }
}

/// As a value of the column's type.
fn compared(column: &Column, at: usize) -> String {
    format!("CAST(cells->>{at} AS {})", column.sql_type)
}

/// Something that the database does not take.
#[derive(Debug, Deserialize)]
struct Found {
    /// From 1; none if it is about all of them.
    row: Option<usize>,
    /// From 1.
    column: Option<usize>,
    /// The row that has the same key.
    first: Option<usize>,
    /// What the column would make of the value.
    kept: Option<String>,
    /// The values of an enum.
    labels: Option<Vec<String>>,
    code: Option<String>,
    message: Option<String>,
    detail: Option<String>,
    constraint: Option<String>,
}

/// Reads what the statements printed.
pub(super) fn judge(plan: &Plan<'_>, rows: &[SeedRow], answer: &str) -> Result<(), SeedError> {
    let mut found: Vec<Found> = serde_json::from_str(answer.trim()).map_err(|error| {
        let problem = format!("could not read what the database answered: {error}");
        SeedError::Whole { problem, hint: BY_HAND.to_owned() }
    })?;
    found.sort_by_key(|one| (one.row, one.column));
    let mut wrong = Vec::new();
    for one in &found {
        match one.row.and_then(|row| rows.get(row.checked_sub(1)?)) {
            Some(row) => wrong.push(of_row(plan, rows, row, one)),
            None => return Err(SeedError::Whole { problem: one.said(), hint: BY_HAND.to_owned() }),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(SeedError::Lines(wrong)) }
}

const BY_HAND: &str = "mend the file, or leave rows= out to fill them in by hand";

fn of_row(plan: &Plan<'_>, rows: &[SeedRow], row: &SeedRow, found: &Found) -> Wrong {
    if let Some(first) = found.first.and_then(|first| rows.get(first.checked_sub(1)?)) {
        let (earlier, key) = (plan.key_of(first), plan.key_of(row));
        return Wrong::again(row.line, first.line, &plan.key, &earlier, &key);
    }
    let Some((column, text)) = found.column.and_then(|place| {
        let place = place.checked_sub(1)?;
        Some((*plan.columns.get(place)?, row.cells.get(place)?.as_deref().unwrap_or_default()))
    }) else {
        return Wrong::new(row.line, found.said(), found.hint());
    };
    if let Some(kept) = &found.kept {
        return Wrong::cut(row.line, text, column, kept);
    }
    let labels = found.labels.as_ref().map(|labels| format!("it is one of {}", labels.join(", ")));
    Wrong::no_value_of(row.line, text, column, labels, found.message.as_deref())
}

impl Found {
    fn said(&self) -> String {
        let message = self.message.as_deref().unwrap_or("the database does not take it");
        match &self.detail {
            Some(detail) => format!("{message}: {}", detail.trim_end_matches('.')),
            None => message.to_owned(),
        }
    }

    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    fn hint(&self) -> String {
        let constraint = self.constraint.as_deref().unwrap_or("a constraint");
        match self.code.as_deref() {
            Some("23503") => format!(
                "{constraint} wants that row to be there: if a pending seed puts it in, make seed-up first; \
                 a row of this file has to come before those that refer to it"
            ),
            Some("23505" | "23P01") => format!(
                "a row of the database or of the file has it already, and {constraint} allows one: mend \
                 the file, or that row"
            ),
            Some("23514") => format!("mend the file: {constraint} says what is allowed"),
            _ => BY_HAND.to_owned(),
        }
    }
}
