//! Comma-separated values. A lenient reader would make other cells of a slip than the one who typed it
//! meant, and nobody would notice; and the crates do not tell an empty cell from one of two quotes.

use std::iter::Peekable;
use std::str::Chars;

use super::super::SeedError;
use super::{Cell, Row, Rows, unreadable};

pub(super) fn read(text: &str) -> Result<Rows, SeedError> {
    let mut reader = Reader { chars: text.chars().peekable(), line: 1 };
    let header = reader.row()?.map_or_else(Vec::new, |row| row.cells);
    let columns: Vec<String> = header.iter().map(|cell| cell.string().trim().to_owned()).collect();
    separated_by_commas(&columns)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.row()? {
        if row.cells.len() != columns.len() {
            let (line, has, wanted) = (row.line, row.cells.len(), columns.len());
            let cells = if has == 1 { "cell" } else { "cells" };
            return Err(unreadable(
                format!("line {line} has {has} {cells}, and the first line has {wanted}"),
                "put a cell that has a comma in it into quotation marks",
            ));
        }
        rows.push(row);
    }
    Ok(Rows { columns, rows })
}

/// Spreadsheets of some countries write something else.
fn separated_by_commas(columns: &[String]) -> Result<(), SeedError> {
    let [only] = columns else { return Ok(()) };
    let Some(separator) = only.chars().find(|c| matches!(c, ';' | '\t' | '|')) else {
        return Ok(());
    };
    Err(unreadable(
        format!("its cells are separated by {separator:?}"),
        "separate them by commas: a spreadsheet asks for it when it exports the file",
    ))
}

struct Reader<'t> {
    chars: Peekable<Chars<'t>>,
    line: usize,
}

impl Reader<'_> {
    /// The next row that is no empty line. It has several lines where a quoted cell has line ends.
    fn row(&mut self) -> Result<Option<Row>, SeedError> {
        while self.chars.peek().is_some() {
            let (line, mut cells) = (self.line, vec![self.cell()?]);
            while self.chars.next_if_eq(&',').is_some() {
                cells.push(self.cell()?);
            }
            self.end_of_line();
            if cells != [Cell::Null] {
                return Ok(Some(Row { line, cells }));
            }
        }
        Ok(None)
    }

    /// Up to the comma or line end behind it.
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
                format!(
                    "line {}: a quotation mark stands inside of `{}`",
                    self.line,
                    cell.string()
                ),
                r#"put all of the cell into quotation marks, and write "" for one in it: "5"" wide""#,
            )),
        }
    }

    /// Up to the quotation mark that ends it; two of them are one in it.
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
                        format!("line {line}: a quotation mark has no partner"),
                        r#"write "" for one that is meant as such, in a cell in quotation marks"#,
                    ));
                }
            }
        }
    }

    /// As Unix, Windows and old Macs write it.
    fn end_of_line(&mut self) {
        let carriage_return = self.chars.next_if_eq(&'\r').is_some();
        if self.chars.next_if_eq(&'\n').is_some() || carriage_return {
            self.line += 1;
        }
    }
}
