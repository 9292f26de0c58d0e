//! The rows of a file.

mod csv;
mod json;

use std::borrow::Cow;

use seedbed_schema::model::DataType;

use super::SeedError;

/// The names of the columns, and the rows with their values in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<InputRow>,
}

/// A row, and the line of the file where it starts, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InputRow {
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

/// A value as it is in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// An empty cell of a CSV file, or JSON's null.
    Null,
    /// A cell of a CSV file, in PostgreSQL's notation.
    Csv(String),
    /// A string of a JSON file.
    String(String),
    /// A number, a boolean, a list or an object of a JSON file, without insignificant whitespace.
    Json(String),
}

impl Rows {
    /// Reads comma-separated values according to [RFC
    /// 4180](https://www.rfc-editor.org/rfc/rfc4180). The first line has the names of the columns.
    /// An empty cell is null, and `""` is an empty string.
    ///
    /// # Errors
    /// Fails if the text has another format, and names the line.
    pub fn from_csv(text: &str) -> Result<Self, SeedError> {
        csv::read(content(text)?)?.validated()
    }

    /// Reads a JSON list of objects, which all have the same keys.
    ///
    /// # Errors
    /// Fails if the text has another format, or if an object has a key twice or lacks a key, and names the line.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        json::read(content(text)?)?.validated()
    }

    /// Returns the rows. Fails if a column has no name or occurs twice, or if a value contains a NUL character.
    fn validated(self) -> Result<Self, SeedError> {
        let duplicate =
            self.columns.iter().enumerate().find(|(at, name)| self.columns[..*at].contains(name));
        if let Some((_, name)) = duplicate {
            return Err(unreadable(
                format!("the column `{name}` occurs twice"),
                "remove or rename one of the two",
            ));
        }
        if let Some(place) = self.columns.iter().position(String::is_empty) {
            return Err(unreadable(
                format!("column {} has no name", place + 1),
                "give it the name of a column of the table, or remove it",
            ));
        }
        for row in &self.rows {
            let with_nul = row.cells.iter().position(|cell| cell.string().contains('\0'));
            if let Some(name) = with_nul.and_then(|place| self.columns.get(place)) {
                return Err(unreadable(
                    format!(
                        "line {}: `{name}` contains a NUL character, which PostgreSQL does not allow in text",
                        row.line
                    ),
                    "remove the character from the file",
                ));
            }
        }
        Ok(self)
    }
}

impl Cell {
    /// Returns the text of the cell, for comparisons and messages.
    pub(super) fn string(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Csv(text) | Self::String(text) | Self::Json(text) => text,
        }
    }

    /// Returns the text that PostgreSQL reads as a value of the given type, or the reason why the cell has no such
    /// value.
    pub(super) fn text(&self, data_type: &DataType) -> Result<Option<Cow<'_, str>>, &'static str> {
        let is_json =
            |data_type: &DataType| data_type.is_builtin("json") || data_type.is_builtin("jsonb");
        let text = match self {
            Self::Null => return Ok(None),
            Self::String(text) if is_json(data_type) => json::quoted(text).into(),
            Self::Json(raw) if raw.starts_with('[') && data_type.is_array => {
                json::array(raw, is_json(&data_type.element()))?.into()
            }
            Self::Json(raw) if raw.starts_with(['[', '{']) && super::values::is_text(data_type) => {
                return Err("a list or an object is not text");
            }
            Self::Csv(text) | Self::String(text) | Self::Json(text) => text.into(),
        };
        Ok(Some(text))
    }
}

/// Returns the content of a file without the byte order mark that Windows programs put before UTF-8. Fails if there is
/// no content.
fn content(text: &str) -> Result<&str, SeedError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(unreadable("the file is empty", FORMATS));
    }
    Ok(text)
}

const FORMATS: &str = "write a `.csv` file with the names of the columns in its first line, or a `.json` file with a list of \
    objects, one per row";

fn unreadable(problem: impl Into<String>, hint: &'static str) -> SeedError {
    SeedError::Unreadable { problem: problem.into(), hint }
}

#[cfg(test)]
mod tests;
