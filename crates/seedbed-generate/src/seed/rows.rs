//! Rows from a file.

use serde_json::Value;

use super::SeedError;

/// A table of texts: the names of the columns, and each row in their order. `None` is null.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

impl Rows {
    /// Reads comma-separated values as of [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), with the
    /// names of the columns in the first line. An empty cell is null, one of two quotes an empty text.
    ///
    /// # Errors
    /// When a quote stays open, or a row has not one cell for each column.
    pub fn from_csv(text: &str) -> Result<Self, SeedError> {
        let unreadable = |problem: String| SeedError::Unreadable { problem };
        let mut lines = cells(text.trim_start_matches('\u{feff}')).map_err(unreadable)?.into_iter();
        let header = lines.next().unwrap_or_default();
        let columns: Vec<String> =
            header.into_iter().map(|cell| cell.unwrap_or_default().trim().to_owned()).collect();
        let rows: Vec<Vec<Option<String>>> = lines.collect();
        if let Some(wrong) = rows.iter().position(|row| row.len() != columns.len()) {
            let (has, wanted) = (rows[wrong].len(), columns.len());
            let problem =
                format!("row {} has {has} cells, and there are {wanted} columns", wrong + 1);
            return Err(unreadable(problem));
        }
        Self { columns, rows }.checked()
    }

    /// Reads a JSON list of objects. What one has and another has not is null there.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        let list: Vec<serde_json::Map<String, Value>> = serde_json::from_str(text)
            .map_err(|error| SeedError::Unreadable { problem: error.to_string() })?;
        let mut columns: Vec<String> = Vec::new();
        for name in list.iter().flat_map(serde_json::Map::keys) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let row = |object: &serde_json::Map<String, Value>| {
            let cell = |name: &String| match object.get(name) {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(text.clone()),
                Some(other) => Some(other.to_string()),
            };
            columns.iter().map(cell).collect()
        };
        let rows = list.iter().map(row).collect();
        Self { columns, rows }.checked()
    }

    fn checked(self) -> Result<Self, SeedError> {
        let twice =
            self.columns.iter().enumerate().find(|(at, name)| self.columns[..*at].contains(name));
        match twice {
            Some((_, name)) => {
                Err(SeedError::Unreadable { problem: format!("there are two columns `{name}`") })
            }
            None => Ok(self),
        }
    }
}

/// The cells of each line that is not empty.
fn cells(text: &str) -> Result<Vec<Vec<Option<String>>>, String> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    let (mut cell, mut quoted) = (String::new(), false);
    let mut chars = text.chars().peekable();
    let end = |cell: &mut String, quoted: &mut bool| {
        let text = std::mem::take(cell);
        let was_quoted = std::mem::take(quoted);
        (was_quoted || !text.is_empty()).then_some(text)
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if cell.is_empty() && !quoted => {
                quoted = true;
                loop {
                    match chars.next() {
                        Some('"') if chars.peek() == Some(&'"') => cell.extend(chars.next()),
                        Some('"') => break,
                        Some(c) => cell.push(c),
                        None => return Err("a quotation mark has no partner".to_owned()),
                    }
                }
            }
            ',' => line.push(end(&mut cell, &mut quoted)),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                line.push(end(&mut cell, &mut quoted));
                lines.push(std::mem::take(&mut line));
            }
            c => cell.push(c),
        }
    }
    line.push(end(&mut cell, &mut quoted));
    lines.push(line);
    lines.retain(|line| line.as_slice() != [None]);
    Ok(lines)
}
