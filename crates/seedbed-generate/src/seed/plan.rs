//! The plan of a seed: its columns, its natural key, and the ids of its rows.

use std::collections::BTreeMap;

use seedbed_schema::model::{Column, DataType, Table};
use uuid::Uuid;

use super::error::{RowError, SeedError};
use super::natural_key::natural_key;
use super::rows::InputRow;
use super::values::{example, field_names, placeholder, rust_value};
use super::{Rows, SeedRequest};
use crate::column_facts::{default_sql, is_serial};
use crate::visible_schema::{self, VisibleSchema};

/// The namespace of the ids. A row of a seed has the same id whenever and wherever the seed is generated.
const ID_NAMESPACE: Uuid = Uuid::from_u128(0x5eed_bed0_0000_4000_8000_0000_0000_0001);

/// The table of a seed, and the columns that the seed fills.
#[derive(Debug)]
pub(super) struct SeedPlan<'r> {
    slug: &'r str,
    environment: Option<&'r str>,
    pub(super) schema: VisibleSchema<'r>,
    pub(super) table: &'r Table,
    /// The columns besides the id.
    pub(super) columns: Vec<&'r Column>,
    /// The names of the columns as fields of a Rust struct.
    pub(super) fields: Vec<String>,
    /// The columns of the natural key.
    pub(super) key: Vec<String>,
}

/// A row that fits the table.
#[derive(Debug)]
pub(super) struct SeedRow {
    /// The line of the file where the row starts.
    pub(super) line: usize,
    pub(super) id: Uuid,
    /// The text that PostgreSQL reads as the value, for each column.
    pub(super) cells: Vec<Option<String>>,
}

impl<'r> SeedPlan<'r> {
    pub(super) fn new(request: &SeedRequest<'r>) -> Result<Self, SeedError> {
        let schema = VisibleSchema::new(request.schema);
        let table = schema.table(request.table)?;
        if !table.column("id").is_some_and(|id| id.data_type.is_builtin("uuid")) {
            return Err(SeedError::NoId { table: table.name.name.clone() });
        }
        if let Some(rows) = request.rows {
            ensure_columns_fit(schema, table, rows)?;
        }
        let given = |column: &Column| match request.rows {
            Some(rows) => rows.columns.contains(&column.name),
            None => default_sql(column).is_none() && !is_generated(schema, table, column),
        };
        let columns: Vec<&Column> =
            table.columns.iter().filter(|column| column.name != "id" && given(column)).collect();
        let key = natural_key(schema, table, &columns)?;
        let fields = field_names(columns.iter().map(|column| column.name.as_str()));
        let SeedRequest { slug, environment, .. } = *request;
        Ok(Self { slug, environment, schema, table, columns, fields, key })
    }

    /// Returns the error of a value that does not have the type of its column. `valid_values_hint` lists the valid values, if
    /// there is such a list.
    pub(super) fn invalid_value(
        &self,
        line: usize,
        text: &str,
        column: &Column,
        valid_values_hint: Option<String>,
        server_message: Option<&str>,
    ) -> RowError {
        let sql_type = self.schema.type_sql(&column.data_type);
        let column = (column, sql_type.as_str());
        RowError::invalid_value(line, text, column, valid_values_hint, server_message)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Returns the columns that an upsert updates in an existing row.
    pub(super) fn updated(&self) -> Vec<&str> {
        self.names().filter(|name| !self.key.iter().any(|key| key == name)).collect()
    }

    /// Returns the number of rows in one statement. The protocol counts bound values with 16 bits.
    pub(super) fn rows_at_once(&self) -> usize {
        500.min(usize::from(u16::MAX) / (self.columns.len() + 1))
    }

    /// Returns the rows of the file, each with its id.
    ///
    /// # Errors
    /// Returns all problems of the rows that can be found without the database.
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
                        wrong.push(RowError::duplicate(row.line, first, &self.key, &key, &key));
                    } else if let Some(first) = ids.insert(row.id, row.line) {
                        wrong.push(RowError::new(
                            row.line,
                            format!("the same id as on line {first}: `{}`", row.id),
                            "remove the id, because a row without an id gets one",
                        ));
                    }
                    fit.push(row);
                }
                Err(more) => wrong.extend(more),
            }
        }
        if wrong.is_empty() { Ok(fit) } else { Err(SeedError::InvalidRows(wrong)) }
    }

    /// Converts a row of the file, and returns its problems if it does not fit. `place` returns the position of a
    /// column in the file.
    fn row(
        &self,
        row: &InputRow,
        place: &dyn Fn(&str) -> Option<usize>,
    ) -> Result<SeedRow, Vec<RowError>> {
        let cell = |name: &str| place(name).and_then(|place| row.cells.get(place));
        let (mut cells, mut wrong) = (Vec::new(), Vec::new());
        for column in &self.columns {
            let found = cell(&column.name);
            let text =
                found.map_or(Ok(None), |cell| cell.text(self.schema.base_type(&column.data_type)));
            match text {
                Ok(None) if column.not_null.is_some() => {
                    wrong.push(missing_value(row.line, column));
                }
                Ok(Some(text)) if rust_value(&column.data_type, &text).is_none() => {
                    wrong.push(self.invalid_value(row.line, &text, column, None, None));
                }
                Ok(text) => cells.push(text.map(Into::into)),
                Err(problem) => wrong.push(RowError::new(
                    row.line,
                    format!("`{}`: {problem}", column.name),
                    "write the value as a string in PostgreSQL's text format, such as `\"{1,2}\"`",
                )),
            }
        }
        let id = match cell("id").map(|cell| cell.text(&DataType::builtin("uuid"))) {
            Some(Ok(Some(text))) => Uuid::parse_str(text.trim()).ok().or_else(|| {
                let id = self.table.column("id")?;
                wrong.push(self.invalid_value(row.line, &text, id, None, None));
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

    /// Returns the values of the natural key, as they are in the file.
    pub(super) fn key_of(&self, row: &SeedRow) -> Vec<String> {
        let cell = |name: &String| {
            let place = self.columns.iter().position(|column| column.name == *name)?;
            row.cells.get(place)?.clone()
        };
        self.key.iter().map(|name| cell(name).unwrap_or_default()).collect()
    }

    /// Returns the id of the row with this key. The id depends on the seed too: if two seeds had the same id for the
    /// same key, `down` of the second seed would delete the row that the first one inserted.
    ///
    /// Seeds of different environments may have the same slug.
    fn id(&self, key: &[String]) -> Uuid {
        let environment = self.environment.unwrap_or_default();
        let seed_and_table = [environment, self.slug, self.table.name.name.as_str()];
        let parts: Vec<&str> =
            seed_and_table.into_iter().chain(key.iter().map(String::as_str)).collect();
        Uuid::new_v5(&ID_NAMESPACE, parts.join("\u{1f}").as_bytes())
    }

    /// Returns the row as Rust source.
    pub(super) fn rust_row(&self, row: &SeedRow) -> String {
        let columns = self.columns.iter().zip(&row.cells);
        let values = columns.map(|(column, cell)| {
            let value = cell.as_deref().and_then(|text| rust_value(&column.data_type, text));
            match value {
                Some(value) if column.not_null.is_some() => value,
                Some(value) => format!("Some({value})"),
                None => "None".to_owned(),
            }
        });
        self.row_literal(row.id, values)
    }

    /// Returns an empty row that the user fills in.
    pub(super) fn placeholder_row(&self) -> String {
        let id = self.id(&["example".to_owned()]);
        self.row_literal(id, self.columns.iter().map(|column| placeholder(column).to_owned()))
    }

    fn row_literal(&self, id: Uuid, values: impl Iterator<Item = String>) -> String {
        let fields =
            self.fields.iter().zip(values).map(|(field, value)| format!("{field}: {value}"));
        let fields: Vec<String> = std::iter::once(format!("id: \"{id}\"")).chain(fields).collect();
        format!("Row {{ {} }}", fields.join(", "))
    }
}

/// Fails if the file has a column that the table does not have or that the database generates, or lacks a required column.
fn ensure_columns_fit(
    schema: VisibleSchema<'_>,
    table: &Table,
    rows: &Rows,
) -> Result<(), SeedError> {
    for name in &rows.columns {
        if is_generated(schema, table, visible_schema::column(table, name)?) {
            return Err(SeedError::GeneratedColumn {
                table: table.name.name.clone(),
                column: name.clone(),
            });
        }
    }
    let needs = |column: &&Column| {
        column.not_null.is_some()
            && default_sql(column).is_none()
            && !is_generated(schema, table, column)
            && column.name != "id"
            && !rows.columns.contains(&column.name)
    };
    let missing: Vec<String> =
        table.columns.iter().filter(needs).map(|column| column.name.clone()).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(SeedError::MissingColumns { table: table.name.name.clone(), columns: missing })
    }
}

fn missing_value(line: usize, column: &Column) -> RowError {
    let problem = format!("`{}` has no value and is NOT NULL", column.name);
    let hint = match (default_sql(column), example(&column.data_type)) {
        (Some(default), _) => format!(
            "add a value in each row, or remove the column from the file, so that all rows get its default, {default}"
        ),
        (None, Some(example)) => format!("add a value: {example}"),
        (None, None) => r#"add a value, or write an empty string as `""`"#.to_owned(),
    };
    RowError::new(line, problem, hint)
}

/// Returns whether the database generates the values of the column. This includes `created_at` and `updated_at` with a
/// default.
fn is_generated(schema: VisibleSchema<'_>, table: &Table, column: &Column) -> bool {
    let is_timestamp = matches!(column.name.as_str(), "created_at" | "updated_at");
    crate::column_facts::is_generated(column)
        || is_serial(schema, table, column)
        || (is_timestamp && default_sql(column).is_some())
}
