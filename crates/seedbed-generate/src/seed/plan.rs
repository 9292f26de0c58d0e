//! What goes where.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::error::{SeedError, Wrong};
use super::key::natural_key;
use super::rows::Row;
use super::values::{empty, example, field_names, rust_value};
use super::{Rows, SeedRequest};
use crate::present::{Column, Table};

/// Namespace of the ids: the same row of the same table has the same id in every database.
const IDS: Uuid = Uuid::from_u128(0x5eed_bed0_0000_4000_8000_0000_0000_0001);

#[derive(Debug)]
pub(super) struct Plan<'r> {
    pub(super) table: &'r Table,
    /// Besides the id.
    pub(super) columns: Vec<&'r Column>,
    /// What they are called in Rust.
    pub(super) fields: Vec<String>,
    /// What tells one row from another.
    pub(super) key: Vec<String>,
}

/// A row that fits.
#[derive(Debug)]
pub(super) struct SeedRow {
    /// Where it begins in the file.
    pub(super) line: usize,
    pub(super) id: Uuid,
    /// For each column what PostgreSQL reads as its value.
    pub(super) cells: Vec<Option<String>>,
}

impl<'r> Plan<'r> {
    pub(super) fn of(request: &SeedRequest<'r>) -> Result<Self, SeedError> {
        let table = request.present.table(request.table)?;
        if !table.column("id").is_ok_and(|id| id.sql_type == "uuid") {
            return Err(SeedError::NoId { table: table.name.clone() });
        }
        if let Some(rows) = request.rows {
            they_fit(table, rows)?;
        }
        let given = |column: &Column| match request.rows {
            Some(rows) => rows.columns.contains(&column.name),
            None => column.default.is_none() && !made_by_the_database(column),
        };
        let columns: Vec<&Column> =
            table.columns.iter().filter(|column| column.name != "id" && given(column)).collect();
        let key = natural_key(table, &columns)?;
        let fields = field_names(columns.iter().map(|column| column.name.as_str()));
        Ok(Self { table, columns, fields, key })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// What an upsert changes in a row that is there.
    pub(super) fn updated(&self) -> Vec<&str> {
        self.names().filter(|name| !self.key.iter().any(|key| key == name)).collect()
    }

    /// How many rows one statement puts in: the protocol counts bound values in 16 bits.
    pub(super) fn rows_at_once(&self) -> usize {
        500.min(usize::from(u16::MAX) / (self.columns.len() + 1))
    }

    /// The rows of the file, each with its id.
    ///
    /// # Errors
    /// All that is wrong with them, as far as it can be told without the database.
    pub(super) fn rows(&self, rows: &Rows) -> Result<Vec<SeedRow>, SeedError> {
        if rows.rows.is_empty() {
            return Err(SeedError::NoRows);
        }
        let place = |name: &str| rows.columns.iter().position(|column| column == name);
        let (mut fit, mut wrong) = (Vec::new(), Vec::new());
        let (mut keys, mut ids) = (BTreeMap::new(), BTreeMap::new());
        for row in &rows.rows {
            match self.row(row, &place) {
                Ok(row) => {
                    let key = self.key_of(&row);
                    if let Some(first) = keys.insert(key.clone(), row.line) {
                        wrong.push(Wrong::again(row.line, first, &self.key, &key, &key));
                    } else if let Some(first) = ids.insert(row.id, row.line) {
                        wrong.push(Wrong::new(
                            row.line,
                            format!("the id of line {first} again, {}", row.id),
                            "leave it out: a row without an id gets one of its own",
                        ));
                    }
                    fit.push(row);
                }
                Err(more) => wrong.extend(more),
            }
        }
        if wrong.is_empty() { Ok(fit) } else { Err(SeedError::Lines(wrong)) }
    }

    fn row(&self, row: &Row, place: &dyn Fn(&str) -> Option<usize>) -> Result<SeedRow, Vec<Wrong>> {
        let cell = |name: &str| place(name).and_then(|place| row.cells.get(place));
        let (mut cells, mut wrong) = (Vec::new(), Vec::new());
        for column in &self.columns {
            let found = cell(&column.name);
            let text = found.map_or(Ok(None), |cell| cell.text(&column.sql_type));
            match text {
                Ok(None) if column.not_null => wrong.push(no_value(row.line, column)),
                Ok(Some(text)) if rust_value(&column.sql_type, &text).is_none() => {
                    wrong.push(Wrong::no_value_of(row.line, &text, column, None, None));
                }
                Ok(text) => cells.push(text.map(Into::into)),
                Err(problem) => wrong.push(Wrong::new(
                    row.line,
                    format!("`{}`: {problem}", column.name),
                    "put it into quotation marks, as PostgreSQL writes such a value",
                )),
            }
        }
        let id = match cell("id").map(|cell| cell.text("uuid")) {
            Some(Ok(Some(text))) => Uuid::parse_str(text.trim()).ok().or_else(|| {
                let id = self.table.column("id").ok()?;
                wrong.push(Wrong::no_value_of(row.line, &text, id, None, None));
                None
            }),
            _ => None,
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut row = SeedRow { line: row.line, id: Uuid::nil(), cells };
        row.id = id.unwrap_or_else(|| self.id(&self.key_of(&row)));
        Ok(row)
    }

    /// The values of the key, as the file has them.
    pub(super) fn key_of(&self, row: &SeedRow) -> Vec<String> {
        let cell = |name: &String| {
            let place = self.columns.iter().position(|column| column.name == *name)?;
            row.cells.get(place)?.clone()
        };
        self.key.iter().map(|name| cell(name).unwrap_or_default()).collect()
    }

    fn id(&self, key: &[String]) -> Uuid {
        Uuid::new_v5(&IDS, format!("{}\u{1f}{}", self.table.name, key.join("\u{1f}")).as_bytes())
    }

    /// The row as Rust.
    pub(super) fn rust(&self, row: &SeedRow) -> String {
        let columns = self.columns.iter().zip(&row.cells);
        let values = columns.map(|(column, cell)| {
            let value = cell.as_deref().and_then(|text| rust_value(&column.sql_type, text));
            match value {
                Some(value) if column.not_null => value,
                Some(value) => format!("Some({value})"),
                None => "None".to_owned(),
            }
        });
        self.rust_row(row.id, values)
    }

    /// A row with nothing in it, to be filled in.
    pub(super) fn example(&self) -> String {
        let id = self.id(&["example".to_owned()]);
        self.rust_row(id, self.columns.iter().map(|column| empty(column).to_owned()))
    }

    fn rust_row(&self, id: Uuid, values: impl Iterator<Item = String>) -> String {
        let fields =
            self.fields.iter().zip(values).map(|(field, value)| format!("{field}: {value}"));
        let fields: Vec<String> = std::iter::once(format!("id: \"{id}\"")).chain(fields).collect();
        format!("Row {{ {} }}", fields.join(", "))
    }
}

/// Whether the table has the columns of the file, and the file those that the table cannot do without.
fn they_fit(table: &Table, rows: &Rows) -> Result<(), SeedError> {
    for name in &rows.columns {
        if made_by_the_database(table.column(name)?) {
            return Err(SeedError::Made { table: table.name.clone(), column: name.clone() });
        }
    }
    let needs = |column: &&Column| {
        column.not_null
            && column.default.is_none()
            && !made_by_the_database(column)
            && column.name != "id"
            && !rows.columns.contains(&column.name)
    };
    let missing: Vec<String> =
        table.columns.iter().filter(needs).map(|column| column.name.clone()).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(SeedError::Missing { table: table.name.clone(), columns: missing })
    }
}

fn no_value(line: usize, column: &Column) -> Wrong {
    let problem = format!("there is no value for `{}`, which is NOT NULL", column.name);
    let hint = match example(&column.sql_type) {
        _ if column.default.is_some() => format!(
            "give it one in each row, or leave the column out of the file: then all rows get its default, {}",
            column.default.as_deref().unwrap_or_default()
        ),
        Some(example) => format!("give it one: {example}"),
        None => r#"give it one; an empty text is "", two quotation marks"#.to_owned(),
    };
    Wrong::new(line, problem, hint)
}

fn made_by_the_database(column: &Column) -> bool {
    column.generated.is_some()
        || column.identity.is_some()
        || column.serial
        || (matches!(column.name.as_str(), "created_at" | "updated_at") && column.default.is_some())
}
