//! The legend below the picture.

use crate::model::{Diagram, TableKind};
use crate::positions::number;
use crate::route::MARGIN;
use crate::svg::{circle, draw_many, draw_mark, draw_one, text};

/// The height of a row, and the padding around all rows.
const ROW: i32 = 22;
const PADDING: i32 = 14;
/// The width of a character, and the gap between two entries.
const CHAR: i32 = 7;
const GAP: i32 = 20;

/// A symbol that the legend explains.
enum LegendSymbol {
    /// The mark of a key, such as `PK`.
    Key(&'static str),
    Filled,
    Hollow,
    ExactlyOne,
    OneOrNone,
    AnyNumber,
    View,
}

impl LegendSymbol {
    /// Returns the width of the symbol, including the gap before its description.
    fn width(&self) -> i32 {
        match self {
            Self::Key(_) => 27,
            Self::Filled | Self::Hollow => 12,
            Self::ExactlyOne | Self::OneOrNone | Self::AnyNumber => 34,
            Self::View => 30,
        }
    }

    /// Draws the symbol with its left side at `x` and its vertical middle at `middle`.
    fn draw(&self, x: i32, middle: i32) -> String {
        let line = format!("<path class=\"line\" d=\"M{x} {middle}H{}\"/>", x + 26);
        // The side of a table, as in the picture.
        let side = format!("<path class=\"rule\" d=\"M{x} {}V{}\"/>", middle - 7, middle + 7);
        match self {
            Self::Key(mark) => draw_mark(x, middle, mark),
            Self::Filled => circle(x + 3, middle, true),
            Self::Hollow => circle(x + 3, middle, false),
            Self::ExactlyOne => side + &line + &draw_one((x, middle), 1, false),
            Self::OneOrNone => side + &line + &draw_one((x, middle), 1, true),
            Self::AnyNumber => side + &line + &draw_many((x, middle), 1),
            Self::View => format!(
                "<rect class=\"table view\" x=\"{x}\" y=\"{}\" width=\"22\" height=\"14\" rx=\"3\"/>\n",
                middle - 7
            ),
        }
    }
}

pub(crate) struct Legend {
    /// The horizontal position, the row, the symbol and the description of each entry.
    entries: Vec<(i32, i32, LegendSymbol, &'static str)>,
    /// The enums with their labels, one per row.
    enums: Vec<String>,
    /// The number of rows, including those of the enums.
    rows: i32,
}

impl Legend {
    /// Creates the legend of a picture with the given width. The symbols of rows, and those of lines and views, are in
    /// one row if the picture is wide enough. Symbols of lines and views are only explained if the picture has them.
    pub(crate) fn new(diagram: &Diagram, width: i32) -> Self {
        let row_symbols = vec![
            (LegendSymbol::Key("PK"), "primary key"),
            (LegendSymbol::Key("FK"), "foreign key"),
            (LegendSymbol::Key("UK"), "unique"),
            (LegendSymbol::Filled, "NOT NULL"),
            (LegendSymbol::Hollow, "nullable"),
        ];
        let mut others = Vec::new();
        if !diagram.relationships.is_empty() {
            others.push((LegendSymbol::ExactlyOne, "exactly one"));
            others.push((LegendSymbol::OneOrNone, "one or none"));
            others.push((LegendSymbol::AnyNumber, "any number"));
        }
        if diagram.tables.iter().any(|table| table.kind != TableKind::Table) {
            others.push((LegendSymbol::View, "view"));
        }
        let entry_width = |(symbol, word): &(LegendSymbol, &str)| {
            symbol.width() + CHAR * number(word.len()) + GAP
        };
        let (mut entries, mut x, mut row) = (Vec::new(), MARGIN, 0);
        for symbols in [row_symbols, others] {
            let total: i32 = symbols.iter().map(entry_width).sum();
            if x > MARGIN && x + total - GAP > width - MARGIN && total > 0 {
                (x, row) = (MARGIN, row + 1);
            }
            for entry in symbols {
                let next = x + entry_width(&entry);
                entries.push((x, row, entry.0, entry.1));
                x = next;
            }
        }
        let max_chars = usize::try_from((width - 2 * MARGIN) / CHAR).unwrap_or_default();
        let enums = diagram.enums.iter().map(|one| {
            let text = format!("{}: {}", one.name, one.labels.join(" | "));
            match text.char_indices().nth(max_chars) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        });
        let enums: Vec<String> = enums.collect();
        Self { entries, rows: row + 1 + number(enums.len()), enums }
    }

    pub(crate) fn height(&self) -> i32 {
        PADDING + ROW * self.rows
    }

    pub(crate) fn draw(&self, top: i32) -> String {
        let mut svg = "<g class=\"legend\">\n".to_owned();
        for (x, row, symbol, word) in &self.entries {
            let middle = top + ROW * row + ROW / 2 - 4;
            svg += symbol.draw(*x, middle).trim_end();
            svg.push('\n');
            svg += &text(x + symbol.width(), middle + 4, "note", word);
        }
        let first = self.rows - number(self.enums.len());
        for (row, line) in self.enums.iter().enumerate() {
            let middle = top + ROW * (first + number(row)) + ROW / 2 - 4;
            svg += &text(MARGIN, middle + 4, "note", line);
        }
        svg + "</g>\n"
    }
}
