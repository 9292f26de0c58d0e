//! A strict reader of comma-separated values.
//!
//! A lenient reader would silently accept a typo and produce different cells, and the available
//! crates do not distinguish an empty cell from `""`.

use std::iter::Peekable;
use std::str::Chars;

use super::super::SeedError;
use super::{Cell, InputRow, Rows, unreadable};

/// Reads the names of the columns and all rows.
pub(super) fn read(text: &str) -> Result<Rows, SeedError> {
    let mut reader = CsvReader { chars: text.chars().peekable(), line: 1 };
    let header = reader.row()?.map_or_else(Vec::new, |row| row.cells);
    let columns: Vec<String> = header.iter().map(|cell| cell.string().trim().to_owned()).collect();
    ensure_comma_separated(&columns)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.row()? {
        if row.cells.len() != columns.len() {
            let (line, has, wanted) = (row.line, row.cells.len(), columns.len());
            let cells = if has == 1 { "cell" } else { "cells" };
            return Err(unreadable(
                format!("line {line} has {has} {cells}, but the first line has {wanted}"),
                "put a cell that contains a comma in quotation marks",
            ));
        }
        rows.push(row);
    }
    Ok(Rows { columns, rows })
}

/// Fails if the cells have another separator, which spreadsheets write in some locales.
fn ensure_comma_separated(columns: &[String]) -> Result<(), SeedError> {
    let [only] = columns else { return Ok(()) };
    let Some(separator) = only.chars().find(|c| matches!(c, ';' | '\t' | '|')) else {
        return Ok(());
    };
    Err(unreadable(
        format!("the cells are separated by `{separator}`, not by commas"),
        "export the file with commas as the separator; spreadsheets have an option for this",
    ))
}

struct CsvReader<'t> {
    chars: Peekable<Chars<'t>>,
    line: usize,
}

impl CsvReader<'_> {
    /// Reads the next row that is not an empty line. A row spans several lines if a quoted cell
    /// contains line ends.
    fn row(&mut self) -> Result<Option<InputRow>, SeedError> {
        while self.chars.peek().is_some() {
            let (line, mut cells) = (self.line, vec![self.cell()?]);
            while self.chars.next_if_eq(&',').is_some() {
                cells.push(self.cell()?);
            }
            self.end_of_line();
            if cells != [Cell::Null] {
                return Ok(Some(InputRow { line, cells }));
            }
        }
        Ok(None)
    }

    /// Reads a cell up to the next comma or line end.
    fn cell(&mut self) -> Result<Cell, SeedError> {
        let cell = if self.chars.next_if_eq(&'"').is_some() {
            Cell::Csv(self.quoted()?)
        } else {
            let mut text = String::new();
            while let Some(c) = self.chars.next_if(|c| !matches!(c, ',' | '"' | '\r' | '\n')) {
                text.push(c);
            }
            if text.is_empty() { Cell::Null } else { Cell::Csv(text) }
        };
        match self.chars.peek() {
            None | Some(',' | '\r' | '\n') => Ok(cell),
            Some(_) => Err(unreadable(
                format!("line {}: unexpected quotation mark inside `{}`", self.line, cell.string()),
                r#"put the whole cell in quotation marks, and double each quotation mark inside it, as in `"5"" wide"`"#,
            )),
        }
    }

    /// Reads a quoted cell up to its closing quotation mark, in which `""` stands for a quotation mark.
    fn quoted(&mut self) -> Result<String, SeedError> {
        let (line, mut text) = (self.line, String::new());
        loop {
            match self.chars.next() {
                Some('"') if self.chars.next_if_eq(&'"').is_none() => return Ok(text),
                Some('\n') => {
                    self.line += 1;
                    text.push('\n');
                }
                Some(c) => text.push(c),
                None => {
                    return Err(unreadable(
                        format!("line {line}: unbalanced quotation mark"),
                        r#"close the cell with a quotation mark, and double each quotation mark inside it, as in `"5"" wide"`"#,
                    ));
                }
            }
        }
    }

    /// Skips the line end of Unix, Windows or old Mac systems.
    fn end_of_line(&mut self) {
        let carriage_return = self.chars.next_if_eq(&'\r').is_some();
        if self.chars.next_if_eq(&'\n').is_some() || carriage_return {
            self.line += 1;
        }
    }
}
